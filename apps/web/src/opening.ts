import { askedAhead, type Figures, type Page, type System, type Unit } from './api.ts';
import { splitSentence, type Piece } from './dashboard/sentence-parts.ts';
import { share } from './dashboard/share.ts';
import { type Dashboard } from './dashboard/types.ts';
import { at, count, day, positionText } from './format.ts';
import { t } from './i18n.ts';
import { asQuery, compares, countsPlainly, dashboardQuery, href, toggleOnly, type Scope } from './scope/address.ts';
import { blockWord } from './scope/blocks.ts';
import { MAIN, REST, sum, type Kind } from './words.ts';

/*
 * The first page before the page: its sentence and its bar are drawn as soon as the server has answered, while what draws the rest (half a
 * megabyte, and half a second of work) is still on its way. The page then draws the same at the same place, and everything else.
 */

const LATEST_MS = 100;
const TOP = 'nhacviec-opening-top';
/** Where the sentence stands in a window of at least that width, as long as no page has told. */
const USUAL_TOP: readonly (readonly [width: number, top: number])[] = [[1280, 144], [900, 254], [761, 329], [0, 273]];

type Child = Node | string | null;

function el(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly Child[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Tells where the sentence stands, for the next time in a window of this width. */
export function rememberTop(top: number): void {
  try {
    localStorage.setItem(TOP, JSON.stringify([window.innerWidth, Math.round(top)]));
  } catch {
    // Nothing can be kept: the usual place does.
  }
}

function topOf(width: number): number {
  const usual = USUAL_TOP.find(([least]) => width >= least)![1];
  try {
    const [seen, top] = JSON.parse(localStorage.getItem(TOP) ?? '[]') as [number?, number?];
    return seen === width && typeof top === 'number' ? top : usual;
  } catch {
    return usual;
  }
}

const figure = (n: number, to: string, className: string): HTMLElement => el('a', { class: `fig ${n === 0 ? 'zero' : ''} ${className}`, href: to, 'data-count': String(n) }, count(n));
const swatch = (kind: Kind): HTMLElement => el('i', { class: `sw c-${kind.look}`, 'aria-hidden': 'true' });

function pieces(list: readonly Piece[], scope: Scope): Child[] {
  return list.map(({ text, what }) =>
    what === undefined ? text : el('a', { class: `fig ${what === 'overdue' && !/^0\b/.test(text) ? 't-overdue' : ''}`, href: href('/bang-dieu-hanh/danh-sach', scope, { what }) }, text),
  );
}

function strip(data: Figures, scope: Scope, unitName: string, soon: number): HTMLElement {
  const { from, to } = data.parameters;
  const bar = el('div', { class: 'bar big', 'aria-hidden': 'true' });
  const add = (look: string, n: number, to: string): void => {
    if (n === 0) return;
    const part = el('a', { class: `only c-${look}`, href: to, tabindex: '-1' }, n / data.total > 0.04 ? el('b', {}, count(n)) : null);
    part.style.flexGrow = String(n);
    bar.append(part);
  };
  for (const kind of [...MAIN, ...REST]) {
    const n = sum(data.cells, kind.cells);
    const due = kind.key === 'intime' && soon <= n ? soon : 0;
    add(kind.look, n - due, href('/', toggleOnly(scope, kind.what)));
    add('soon', due, href('/', toggleOnly(scope, 'due-3')));
  }
  const main = MAIN.map((kind) => {
    const n = sum(data.cells, kind.cells);
    return el(
      'li', {},
      el('span', { class: 'w' }, swatch(kind), kind.word),
      el('span', { class: 'vv' }, figure(n, href('/danh-sach', scope, { cell: kind.cells.join(',') }), `v ${kind.key === 'overdue' && n > 0 ? 't-overdue' : ''}`), el('span', { class: 'quiet' }, ` ${share(n, data.total)}`)),
    );
  });
  const rest = REST.map((kind) => el('li', {}, el('span', { class: 'w' }, swatch(kind), kind.word), el('span', { class: 'v' }, count(sum(data.cells, kind.cells)))));
  return el(
    'section', { class: 'strip' },
    el(
      'h2', { class: 'striph' },
      `${t('Tổng số')} `,
      figure(data.total, href('/danh-sach', scope, { rate: 'R3', side: 'denominator' }), ''),
      ' ',
      el('span', { class: 'quiet' }, t('việc được giao, {{unit}}, kỳ {{from}}–{{to}}', { unit: unitName, from: day(from), to: day(to) })),
    ),
    bar,
    el('ul', { class: 'key' }, ...main, el('li', { class: 'rest' }, el('ul', {}, ...rest))),
  );
}

let paint: Promise<void> = Promise.resolve();

/** When what was drawn is on the screen; at once where nothing was. */
export const painted = (): Promise<void> => paint;

/** Draws them, unless the page was sooner, there is nothing to count, or more than they would have to be said beside them. */
export async function openWithFigures(root: HTMLElement, scope: Scope): Promise<void> {
  // A past instant tints the whole page, a comparison says what from, and tasks that were picked say which they are.
  if (scope.day !== null || scope.knownAt !== null || scope.policy !== null || scope.only !== null || compares(scope)) return;
  const [figures, board, units, system] = (await Promise.all([
    askedAhead('/figures', asQuery(scope)), askedAhead('/dashboard', dashboardQuery(scope)), askedAhead('/units', {}), askedAhead('/system', {}),
  ]).catch(() => [])) as [Figures?, Dashboard?, Page<Unit>?, System?];
  if (!figures || !board || !units || !system || figures.total === 0 || root.childElementCount > 0) return;
  const unit = scope.unitId === null ? null : (units.items.find(({ id }) => id === scope.unitId)?.name ?? scope.unitId);
  const block = scope.unitKind === null ? null : blockWord(scope.unitKind);
  const unitName = unit ?? (block === null ? t('Toàn tỉnh') : t('Khối {{block}}', { block }));
  const shown = figures.parameters.asOf ?? system.now;
  const [lead, more] = splitSentence(board.sentence);
  const main = el(
    'main', { class: 'wrap' },
    el(
      'div', { class: 'bands' },
      el(
        'div', { class: 'b1' },
        el('h1', { class: 'say' }, el('span', { class: 'lead' }, ...pieces(lead, scope)), more.length === 0 ? null : el('span', { class: 'rest' }, ' ', ...pieces(more, scope))),
        strip(figures, scope, unitName, countsPlainly(scope) ? board.tiles.dueSoon.in3 : 0),
      ),
    ),
  );
  main.style.top = `${String(topOf(window.innerWidth))}px`;
  root.append(
    el(
      'div', { class: 'frame opening', 'aria-busy': 'true' },
      el('header', { class: 'wrap top' }, el('a', { class: 'brand', href: href('/', scope) }, t('Nhắc Việc'))),
      el(
        'div', { class: 'wrap inst' },
        el('p', { class: 'point' }, el('span', { class: 'scopeword' }, `${[t('Toàn tỉnh'), block, unit].filter((one) => one !== null).join(' ▸ ')} · `), el('span', { class: 'lead' }, `${t('Tại thời điểm')} `), el('b', {}, at(shown)), ` ${t('(giờ VN)')} · ${t('sự kiện {{position}}', { position: positionText(figures.parameters.position) })}`),
        system.simulated ? el('p', { class: 'badge' }, t('Đồng hồ mô phỏng')) : null,
      ),
      main,
    ),
  );  paint = new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    // A page that nobody looks at has no frames.
    setTimeout(resolve, LATEST_MS);
  });
}
