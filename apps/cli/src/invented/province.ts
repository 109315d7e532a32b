import { slug, type Day } from '#kernel';
import type { Unit } from '#organisation';

const DEPARTMENTS: readonly (readonly [name: string, shortName: string, within?: string])[] = [
  ['Sở Nội vụ', 'Sở Nội vụ'], ['Sở Tài chính', 'Sở Tài chính'], ['Sở Xây dựng', 'Sở Xây dựng'], ['Sở Nông nghiệp và Môi trường', 'Sở NN và MT'], ['Sở Y tế', 'Sở Y tế'],
  ['Sở Giáo dục và Đào tạo', 'Sở GD và ĐT'], ['Sở Công Thương', 'Sở Công Thương'], ['Sở Khoa học và Công nghệ', 'Sở KH và CN'], ['Sở Tư pháp', 'Sở Tư pháp'],
  ['Sở Văn hóa, Thể thao và Du lịch', 'Sở VH, TT và DL'], ['Sở Dân tộc và Tôn giáo', 'Sở DT và TG'], ['Thanh tra tỉnh', 'Thanh tra tỉnh'], ['Ban Quản lý Khu kinh tế', 'BQL Khu kinh tế'],
  ['Chi cục Thủy lợi', 'CC Thủy lợi', 'Sở Nông nghiệp và Môi trường'], ['Chi cục Kiểm lâm', 'CC Kiểm lâm', 'Sở Nông nghiệp và Môi trường'], ['Trung tâm Kiểm soát bệnh tật', 'TT Kiểm soát BT', 'Sở Y tế'],
];
const FIRST = ['An', 'Bình', 'Phú', 'Tân', 'Vĩnh', 'Long', 'Xuân', 'Mỹ', 'Hưng'];
const SECOND = ['Hòa', 'Sơn', 'Thủy', 'Lộc', 'Thịnh', 'Điền', 'Thạnh', 'Lạc', 'Khánh'];

/** Made-up units: offices every province has, then communes of made-up names. @throws RangeError where there are fewer names than units asked for. */
export function inventedUnits(count: number, establishedOn: Day): readonly Unit[] {
  const offices = DEPARTMENTS.map(([name, shortName, within]) => ({ name, shortName, kind: within === undefined ? 'so' : 'truc-thuoc', ...(within === undefined ? {} : { parentId: slug(within) }) }));
  const communes = FIRST.flatMap((first, n) =>
    SECOND.map((second, m) => {
      const [kind, word] = (n + m) % 4 === 0 ? (['phuong', 'phường'] as const) : (['xa', 'xã'] as const);
      return { name: `UBND ${word} ${first} ${second}`, shortName: `${word === 'xã' ? 'Xã' : 'Phường'} ${first} ${second}`, kind };
    }),
  );
  const all = [...offices, ...communes];
  if (count < 1 || count > all.length) throw new RangeError(`--units ${String(count)}: cần từ 1 đến ${String(all.length)} đơn vị`);
  return all.slice(0, count).map((unit) => ({ id: slug(unit.name), ...unit, establishedOn }));
}
