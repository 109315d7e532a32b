import { Link } from 'react-router';
import { type FigureGroup, type Figures, type GroupRate } from '../api.ts';
import { count } from '../format.ts';
import { Bar, Figure, Fraction } from '../parts.tsx';
import { useHeldOrder } from '../live/held-order.ts';
import { href, type Scope } from '../scope/scope.ts';
import { CELL_WORDS, RATE_HEADS, REST, sum } from '../words.ts';

const rateOf = (group: { rates: GroupRate[] }, code: string): GroupRate | undefined => group.rates.find((rate) => rate.code === code);

function GroupRow({ group, scope, rates, total }: { group: FigureGroup; scope: Scope; rates: readonly [string, string]; total?: boolean }) {
  // A row counts its unit alone, also where the reader asked for units with their descendants.
  const here = total ? scope : { ...scope, unitId: group.key, tree: null };
  const cell = (key: string, className = '') => (
    <td className={`num ${className}`}>
      <Figure
        value={group.cells[key] ?? 0}
        scope={here}
        pick={{ cell: key }}
        what={`${group.label}, ${CELL_WORDS[key] ?? key}`}
        className={key === 'O2' && (group.cells[key] ?? 0) > 0 ? 't-overdue strong' : ''}
      />
    </td>
  );
  const rest = REST.reduce((all, kind) => all + sum(group.cells, kind.cells), 0);
  const first = rateOf(group, rates[0]);
  const second = rateOf(group, rates[1]);
  return (
    <tr>
      <th scope="row">{total ? group.label : <Link to={href('/', { ...scope, unitId: group.key })}>{group.label}</Link>}</th>
      <td className="num">
        <Figure value={group.total} scope={here} pick={{ rate: 'R3', side: 'denominator' }} what={`${group.label}, tổng số`} />
      </td>
      <td className="b w">
        <Bar cells={group.cells} total={group.total} />
      </td>
      {cell('O2')}
      {cell('O1', 'w')}
      {cell('D1', 'w')}
      {cell('D2', 'w')}
      <td className="num w">{rest === 0 ? <span className="zero">0</span> : count(rest)}</td>
      <td className="num strong">
        {first?.text ?? ''}
        {first && first.denominator > 0 ? (
          <span className="sub">
            <Fraction rate={first} scope={here} />
          </span>
        ) : null}
      </td>
      <td className="num w">{second?.text ?? ''}</td>
    </tr>
  );
}

/** One row a unit, the most overdue first. */
export function Groups({
  data,
  groups,
  scope,
  rates,
}: {
  data: Figures;
  groups: FigureGroup[];
  scope: Scope;
  rates: readonly [string, string];
}) {
  const order = (group: FigureGroup) => [group.cells['O2'] ?? 0, group.total] as const;
  const sorted = [...groups].sort((a, b) => order(b)[0] - order(a)[0] || order(b)[1] - order(a)[1] || a.label.localeCompare(b.label, 'vi'));
  const { position: _position, lastEventId: _event, asOf, ...asked } = data.parameters;
  const rows = useHeldOrder(sorted, (group) => group.key, JSON.stringify([asked, scope.day === null ? null : asOf]));
  const late = rows.filter((group) => (group.cells['O2'] ?? 0) > 0).length;
  const whole: FigureGroup = { key: '', label: `Toàn tỉnh, ${count(rows.length)} đơn vị`, ...data };
  return (
    <section aria-labelledby="h-groups">
      <h2 id="h-groups">
        {late === 0 ? 'Không đơn vị nào có việc quá hạn' : `${count(late)} trong ${count(rows.length)} đơn vị có việc quá hạn`}
      </h2>
      <p className="quiet">Xếp theo số việc quá hạn, rồi theo tổng số.</p>
      <div className="scrollx" role="region" aria-labelledby="h-groups" tabIndex={0}>
        <table className="board">
          <thead>
            <tr>
              <th scope="col">Đơn vị chủ trì</th>
              <th scope="col" className="num">
                Tổng số
              </th>
              <th scope="col" className="w">
                Hiện trạng
              </th>
              <th scope="col" className="num">
                Quá hạn
              </th>
              <th scope="col" className="num w">
                Trong hạn
              </th>
              <th scope="col" className="num w">
                Xong đúng hạn
              </th>
              <th scope="col" className="num w">
                Xong quá hạn
              </th>
              <th scope="col" className="num w">
                Còn lại
              </th>
              <th scope="col" className="num">
                {RATE_HEADS[rates[0]] ?? rates[0]}
              </th>
              <th scope="col" className="num w">
                {RATE_HEADS[rates[1]] ?? rates[1]}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((group) => (
              <GroupRow key={group.key} group={group} scope={scope} rates={rates} />
            ))}
          </tbody>
          <tfoot>
            <GroupRow group={whole} scope={scope} rates={rates} total />
          </tfoot>
        </table>
      </div>
    </section>
  );
}
