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
const root = document.getElementById('app');
if (root) {
  // The page is fetched meanwhile, and waits neither for this nor for what it fails at.
  const opening = window.location.pathname === '/' ? import('./opening.ts').catch(() => undefined) : undefined;
  void opening?.then((it) => it?.openWithFigures(root, readScope(new URLSearchParams(window.location.search))));
  const { drawPage } = await import('./app.tsx');
  await (await opening)?.painted();
  drawPage(root);
}
