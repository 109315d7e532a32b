import { type Unit } from '../api.ts';
import { t } from '../i18n.ts';
import { wordOf } from '../words.ts';

/** Units that offices speak of together, by their kinds; a kind that stands in none is a block of its own. */
const BLOCKS: readonly (readonly [word: string, ...kinds: readonly string[]])[] = [
  [t('Sở, ban, ngành'), 'so', 'ban', 'thanh-tra', 'van-phong'],
  [t('Ngành dọc'), 'nganh-doc'],
  [t('UBND cấp tỉnh'), 'ubnd'],
  [t('UBND cấp huyện'), 'ubnd-cap-huyen'],
  [t('UBND cấp xã'), 'ubnd-cap-xa', 'xa', 'phuong'],
  [t('Đơn vị trực thuộc'), 'truc-thuoc'],
  [t('Tên gọi chung'), 'tap-the'],
  [t('Đơn vị khác'), 'khac'],
];

/** Kinds that stand in a block with others, when an address names them alone. */
const KINDS: Readonly<Record<string, string>> = {
  so: t('Sở'),
  ban: t('Ban'),
  'thanh-tra': t('Thanh tra'),
  'van-phong': t('Văn phòng'),
  xa: t('Xã'),
  phuong: t('Phường'),
};

export interface Block {
  /** As the address and the server take it. */
  unitKind: string;
  word: string;
}

/** The blocks that there are units of; none where all would be in one. */
export function blocksOf(units: readonly Pick<Unit, 'kind'>[]): readonly Block[] {
  const kinds = new Set(units.map(({ kind }) => kind));
  const known = BLOCKS.filter(([, ...own]) => own.some((kind) => kinds.has(kind))).map(([word, ...own]): Block => ({ unitKind: own.join(','), word }));
  const named = new Set(BLOCKS.flatMap(([, ...own]) => own));
  const all = [...known, ...[...kinds].filter((kind) => !named.has(kind)).map((kind): Block => ({ unitKind: kind, word: kind }))];
  return all.length > 1 ? all : [];
}

export const inBlock = (unitKind: string, { kind }: Pick<Unit, 'kind'>): boolean => unitKind.split(',').includes(kind);

/** What the block is called; one that an address puts together goes by the names of its parts. */
export function blockWord(unitKind: string): string {
  const whole = BLOCKS.find(([, ...own]) => own.join(',') === unitKind);
  if (whole) return whole[0];
  return unitKind
    .split(',')
    .map((kind) => BLOCKS.find(([, ...own]) => own.length === 1 && own[0] === kind)?.[0] ?? wordOf(KINDS, kind))
    .join(', ');
}
