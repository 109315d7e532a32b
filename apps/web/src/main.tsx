import { askAhead } from './api.ts';
import { startWords } from './i18n.ts';
import { asQuery, dashboardQuery, readScope } from './scope/address.ts';
// Here and not with the rooms: the styles are then linked in the page itself, and nothing is drawn without them.
import './style.css';

// What every page names, and the numbers of the first one, come while the page itself is still being fetched. The screen of a room asks by itself.
if (window.location.pathname !== '/man-hinh') {
  askAhead('/units', {});
  askAhead('/system', {});
}
if (window.location.pathname === '/') {
  const scope = readScope(new URLSearchParams(window.location.search));
  askAhead('/dashboard', dashboardQuery(scope));
  askAhead('/figures', asQuery(scope));
}
// Words stand in constants of modules too: the reader's language is there before any of them is read.
await startWords();
await import('./app.tsx');
