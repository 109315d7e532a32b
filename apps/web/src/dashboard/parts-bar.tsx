import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { MAIN, REST, sum } from '../words.ts';
import { type UnitRow } from './types.ts';

/** Where a part of a bar leads: the page narrowed to the unit and the tasks of the part; and whether it is that already. */
export type PartLink = (unitId: string, what: string) => { readonly to: string; readonly chosen: boolean };

/** The bar of a unit, a part of which narrows the whole page to that unit and those tasks. Plain links: a board has hundreds. `walked`: arrows lead there, not Tab. */
export function PartsBar({ row, link, walked = false }: { row: UnitRow; link: PartLink; walked?: boolean }) {
  return (
    <div
      className="bar parts"
      role="group"
      aria-label={t('Hiện trạng')}
      onKeyDown={(event) => {
        // Pressed like the switches that its parts are, too.
        if (event.key !== ' ' || !(event.target instanceof HTMLElement)) return;
        event.preventDefault();
        event.target.click();
      }}
    >
      {[...MAIN, ...REST].map(({ key, look, word, cells, what }) => {
        const n = sum(row.cells, cells);
        if (n === 0) return null;
        const { to, chosen } = link(row.unitId, what);
        const says = chosen
          ? t('{{unit}}, {{what}}, {{n}} việc: thôi chỉ xem các việc này', { unit: row.name, what: word, n: count(n) })
          : t('{{unit}}, {{what}}, {{n}} việc: chỉ xem các việc này trên cả trang', { unit: row.name, what: word, n: count(n) });
        return (
          <a
            key={key}
            className={`c-${look}`}
            style={{ flexGrow: n }}
            href={to}
            data-in-place
            data-part={what}
            tabIndex={walked ? -1 : undefined}
            title={says}
            aria-label={says}
            aria-current={chosen ? 'true' : undefined}
          />
        );
      })}
    </div>
  );
}
