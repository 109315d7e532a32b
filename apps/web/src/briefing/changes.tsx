import { type Counts } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { type TickerItem } from './types.ts';
import { clockOf } from './words.ts';

/** Short words for what a change did to the figures. */
const EFFECT_WORDS: readonly [cells: readonly string[], word: string][] = [
  [['D1'], t('đúng hạn')],
  [['D2'], t('hoàn thành quá hạn')],
  [['O1'], t('trong hạn')],
  [['O2'], t('quá hạn')],
  [['V1', 'V2', 'V3'], t('chờ xác nhận')],
  [['O3', 'D3'], t('chưa có thời hạn')],
  [['X'], t('tạm dừng')],
];
function effectWords(effect: Counts | undefined): string {
  const parts = EFFECT_WORDS.flatMap(([cells, word]) => {
    const n = cells.reduce((all, cell) => all + (effect?.[cell] ?? 0), 0);
    return n === 0 ? [] : [`${word} ${n > 0 ? '+' : '−'}${Math.abs(n)}`];
  });
  return parts.length === 0 ? t('không đổi số') : parts.join(', ');
}

/** What changed after the cut-off, each with what it did to the figures. */
export function Changes({ items, cutOff, total }: { items: readonly TickerItem[]; cutOff: string; total: number }) {
  return (
    <section aria-labelledby="sau-moc" className="brchanges">
      <h2 id="sau-moc">{t('{{n}} thay đổi sau mốc {{at}}', { n: count(total), at: clockOf(cutOff) })}</h2>
      {items.length === 0 ? null : (
        <table>
          <thead className="vh">
            <tr>
              <th scope="col">{t('Giờ')}</th>
              <th scope="col">{t('Thay đổi')}</th>
              <th scope="col">{t('Số thay đổi')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.position}>
                <td className="q">{clockOf(item.at)}</td>
                <td>
                  <b>{item.unitShort}</b> {item.code ? <span className="code">{item.code}</span> : null} {item.words}
                </td>
                <td className="num q">{effectWords(item.effect)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
