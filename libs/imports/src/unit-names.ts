import { cleanText, foldText, slug, type Day } from '#kernel';
import { SHORT_NAME_LIMIT, UnitDirectory, type Unit } from '#organisation';

/** Items of a cell; "a;;b" has an empty one, "a;" and a line break have none. */
const itemsOf = (cell: string): string[] => cell.split(/;\s*|[\n\r]+/).map(cleanText);

/** The lead units named in one cell: more than one when a semicolon, a line break or, between known names, a comma stands between them. */
export function leadsOf(cell: string, units: UnitDirectory): string[] {
  return itemsOf(cell)
    .filter((item) => item !== '')
    .flatMap((item) => (units.match(item).kind === 'none' ? (byCommas(item, units) ?? [item]) : [item]));
}

export interface Coordinators {
  readonly units: readonly Unit[];
  /** Names nobody in the directory bears. */
  readonly unknown: readonly string[];
  /** What was changed on the way, each a Vietnamese phrase. */
  readonly changes: readonly string[];
}

/** Coordinating units: separated by ";", by a comma only where every piece is a known name ("các sở, ban, ngành" is one). */
export function readCoordinators(cell: string, leadUnitId: string | undefined, units: UnitDirectory): Coordinators {
  const found: Unit[] = [];
  const unknown: string[] = [];
  const changes: string[] = [];
  const items = itemsOf(cell);
  if (items.at(-1) === '') items.pop(); // a separator at the end separates nothing
  const take = (name: string): void => {
    const match = units.match(name);
    if (match.kind === 'none' || match.kind === 'ambiguous') {
      unknown.push(name);
      return;
    }
    const { unit } = match;
    if (match.kind === 'folded') changes.push(`“${name}” được hiểu là “${unit.name}”`);
    if (unit.id === leadUnitId) changes.push(`bỏ cơ quan chủ trì “${unit.name}”`);
    else if (found.includes(unit)) changes.push(`bỏ tên lặp “${unit.name}”`);
    else found.push(unit);
  };
  for (const item of items) {
    if (item === '') changes.push('bỏ mục trống');
    else if (units.match(item).kind !== 'none') take(item);
    else {
      const parts = byCommas(item, units);
      if (parts) changes.push(`tách “${item}” theo dấu phẩy`);
      (parts ?? [item]).forEach(take);
    }
  }
  return { units: found, unknown, changes };
}

/** Names a cell may bring into the directory: cut at commas only where every piece begins like a unit ("Sở A, Sở B", not "các sở, ban, ngành"). */
export function namesToPropose(cell: string): string[] {
  return itemsOf(cell).flatMap((item) => {
    const parts = item.split(',').map(cleanText);
    return parts.length > 1 && parts.every((p) => !['khac', 'tap-the'].includes(guessKind(p))) ? parts : [item];
  });
}

/** The item cut at commas into known names only, longest names first; undefined when that is not possible. */
function byCommas(item: string, units: UnitDirectory): string[] | undefined {
  const parts = item.split(',').map(cleanText);
  if (parts.length < 2 || parts.length > 30) return undefined;
  const names: string[] = [];
  for (let i = 0; i < parts.length; ) {
    let taken = 0;
    for (let j = parts.length; j > i && taken === 0; j--) {
      const name = parts.slice(i, j).join(', ');
      if (!['none', 'ambiguous'].includes(units.match(name).kind)) {
        names.push(name);
        taken = j - i;
      }
    }
    if (taken === 0) return undefined;
    i += taken;
  }
  return names.length > 1 ? names : undefined;
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^cac |^ubnd cac /, 'tap-the'],
  [/^so /, 'so'],
  [/^thanh tra /, 'thanh-tra'],
  [/^van phong /, 'van-phong'],
  [/^ubnd (?:huyen|thi xa|thanh pho|quan) /, 'ubnd-cap-huyen'],
  [/^ubnd (?:xa|phuong|thi tran|dac khu) /, 'ubnd-cap-xa'],
  [/^ubnd /, 'ubnd'],
  [/^ban /, 'ban'],
  [/^(?:cuc|kho bac|chi cuc|bao hiem xa hoi|ngan hang|toa an|vien kiem sat|cong an|bo chi huy)/, 'nganh-doc'],
];

/** A guess from the first words, for a person to put right. */
export function guessKind(name: string): string {
  const text = foldText(name);
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'khac';
}

const FIRST_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^UBND thành phố /iu, 'TP. '],
  [/^UBND thị xã /iu, 'TX. '],
  [/^UBND huyện /iu, 'H. '],
  [/^UBND (?:xã|phường) /iu, ''],
];

/** What offices call these where first letters would say nothing; by the folded name. */
const CUSTOMARY: Readonly<Record<string, string>> = {
  'cac so, ban, nganh': 'Các sở, ngành',
  'cac so, ban, nganh lien quan': 'Sở, ngành LQ',
  'ubnd cac huyen, thi xa, thanh pho': 'UBND cấp huyện',
  'ban tiep cong dan tinh': 'Ban TCD tỉnh',
  'van phong doan dai bieu quoc hoi tinh': 'VP Đoàn ĐBQH',
  'van phong thuong truc ban chi huy phong chong thien tai va tim kiem cuu nan tinh': 'VP TT PCTT-TKCN',
  'kho bac nha nuoc khanh hoa': 'Kho bạc NN',
};

/** The name itself when it is short enough, else an abbreviation of at most 16 characters that no other unit bears. */
export function shortNameOf(name: string, taken: ReadonlySet<string>): string {
  const clean = cleanText(name);
  const place = FIRST_WORDS.find(([pattern]) => pattern.test(clean));
  const [first = '', ...rest] = clean.split(/[\s,\-–]+/).filter((w) => w !== '');
  const initials = (words: readonly string[]): string => words.filter((w) => !/^(?:và|của|về|với|cho)$/iu.test(w)).map((w) => (/^\p{Lu}{2,}$/u.test(w) ? w : w[0]!.toUpperCase())).join('');
  const customary = CUSTOMARY[foldText(clean)];
  const candidates = [
    ...(customary === undefined ? [] : [customary]),
    ...(place ? [clean.replace(place[0], place[1])] : []),
    clean,
    ...(/^văn phòng /iu.test(clean) ? [`VP ${rest.slice(1).join(' ')}`, `VP ${initials(rest.slice(1))}`] : []),
    ...(/^(?:sở|ban|cục|chi)$/iu.test(first) ? [`${first} ${initials(rest)}`] : []),
    initials([first, ...rest]),
  ];
  const short = Array.from(candidates.find((c) => c !== '' && Array.from(c).length <= SHORT_NAME_LIMIT) ?? clean).slice(0, SHORT_NAME_LIMIT).join('').trim();
  for (let n = 1, one = short; ; n++, one = `${Array.from(short).slice(0, SHORT_NAME_LIMIT - 3).join('')} ${String(n)}`) if (!taken.has(one)) return one;
}

/** Collects the units that a file names and the directory lacks. */
export class NewUnits {
  /** The directory together with the units the file brings. */
  readonly directory: UnitDirectory;
  private readonly proposed = new Map<string, Unit>();
  private readonly used = new Map<string, Day>();

  /** `names` are all unit names of the file. Of spellings that differ in tone marks only, the one with most marks is taken. */
  constructor(known: UnitDirectory, names: Iterable<string>) {
    this.directory = UnitDirectory.of(known.all());
    const best = new Map<string, string>();
    for (const name of names) {
      const clean = cleanText(name);
      const id = slug(clean);
      if (id === '' || known.match(clean).kind !== 'none') continue;
      const before = best.get(id);
      if (before === undefined || clean.normalize('NFD').length > before.normalize('NFD').length) best.set(id, clean);
    }
    const shortNames = new Set(known.all().map((u) => u.shortName));
    // Names without a comma first: one with commas may then turn out to be several known names.
    for (const [id, name] of [...best].sort((a, b) => Number(a[1].includes(',')) - Number(b[1].includes(',')))) {
      if (known.get(id) || byCommas(name, this.directory)) continue;
      const shortName = shortNameOf(name, shortNames);
      shortNames.add(shortName);
      const unit: Unit = { id, name, shortName, kind: guessKind(name), establishedOn: '' };
      this.proposed.set(id, unit);
      this.directory.add(unit);
    }
  }

  /** An accepted row names these units on this day. */
  use(ids: Iterable<string>, on: Day): void {
    for (const id of ids) {
      if (!this.proposed.has(id)) continue;
      const before = this.used.get(id);
      if (before === undefined || on < before) this.used.set(id, on);
    }
  }

  /** Only units of accepted rows; the day of establishment is not known, so the first day a row names the unit stands in. */
  list(legalBasis: string): Unit[] {
    return [...this.used].map(([id, establishedOn]) => ({ ...this.proposed.get(id)!, legalBasis, establishedOn }));
  }
}
