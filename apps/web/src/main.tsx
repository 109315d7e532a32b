import { askAhead, type System } from './api.ts';
import { startWords } from './i18n.ts';
import { asQuery, dashboardQuery, readScope } from './scope/address.ts';
// Here and not with the rooms: the styles are then linked in the page itself, and nothing is drawn without them.
import './style.css';

/** Nobody waits longer for the names of those who give tasks: until they come they go by their codes. */
const NAMES_MS = 1_000;
let system: Promise<unknown> | undefined;

// What every page names, and the numbers of the first one, come while the page itself is still being fetched. The screen of a room asks by itself.
if (window.location.pathname !== '/man-hinh') {
  void askAhead('/units', {});
  system = askAhead('/system', {});
}
if (window.location.pathname === '/') {
  const scope = readScope(new URLSearchParams(window.location.search));
  void askAhead('/dashboard', dashboardQuery(scope));
  void askAhead('/figures', asQuery(scope));
}
// Words stand in constants of modules too: the reader's language is there before any of them is read.
await startWords();
const { learnAuthorities } = await import('./words.ts');
await Promise.race([
  system?.then((answer) => learnAuthorities((answer as System).authorities)).catch(() => undefined),
  new Promise((resolve) => {
    setTimeout(resolve, NAMES_MS);
  }),
]);
await import('./app.tsx');
