import { startWords } from './i18n.ts';
// Here and not with the rooms: the styles are then linked in the page itself, and nothing is drawn without them.
import './style.css';

// Words stand in constants of modules too: the reader's language is there before any of them is read.
await startWords();
await import('./app.tsx');
