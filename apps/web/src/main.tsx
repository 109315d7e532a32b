import { startWords } from './i18n.ts';

// Words stand in constants of modules too: the reader's language is there before any of them is read.
await startWords();
await import('./app.tsx');
