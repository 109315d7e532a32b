import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { ApiError, get, type Counts, type FigureGroup, type Figures, type Rate } from './api.ts';
import { at, count, day, positionText } from './format.ts';
import { Frame } from './frame.tsx';
import { Bar, Figure, LookIcon } from './parts.tsx';
import { asQuery, href, useScope, type Scope } from './scope.ts';
import { ScopeBar, useUnitName } from './scopebar.tsx';
import { Failure, Loading } from './states.tsx';
import {
  AUTHORITY_WORDS,
  CELL_WORDS,
  COHORT_WORDS,
  DENOMINATORS,
  FLOW_WORDS,
  MAIN,
  OUT_WORDS,
  PART_GROUPS,
  PART_WORDS,
  RATE_WORDS,
  REST,
  SHORT_WORDS,
  sum,
} from './words.ts';

const LIVE_MS = 20_000;
const HEADLINE = ['R2', 'R1', 'R3', 'R4'];

function useFigures(scope: Scope) {
  const query = { ...asQuery(scope), groupBy: scope.unitId === null ? 'unit' : null };
  return useQuery({
    queryKey: ['figures', query],
    queryFn: ({ signal }) => get<Figures>('/figures', query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: scope.day === null ? LIVE_MS : false,
  });
}

export function Dashboard() {
  const scope = useScope();
  const figures = useFigures(scope);
  const unitName = useUnitName(scope.unitId);
  const data = figures.data;
  const lost = figures.error instanceof ApiError && figures.error.status === 0;
  const refused = figures.isError && !(lost && data);
  return (
    <Frame
      title={`Bảng điều hành, ${unitName}`}
      instant={data && !refused ? { asOf: data.parameters.asOf, position: data.parameters.position } : undefined}
      updatedAt={figures.dataUpdatedAt || undefined}
      lost={lost}
    >
      <ScopeBar path="/" />
      {refused ? (
        <Failure error={figures.error} retry={() => void figures.refetch()}>
          {scope.period ? (
            <Link className="btn primary" to={href('/', { ...scope, period: null })}>
              Dùng kỳ chứa ngày đang xem
            </Link>
          ) : null}
          {scope.day || scope.unitId || scope.period ? (
            <Link className="btn" to="/">
              Bỏ mọi lựa chọn
            </Link>
          ) : null}
        </Failure>
      ) : data ? (
        <div className={figures.isPlaceholderData ? 'stale' : ''} data-ready={figures.isPlaceholderData ? undefined : 'yes'}>
          <Answer data={data} />
          <Strip data={data} scope={scope} unitName={unitName} />
          <Rates data={data} scope={scope} unitName={unitName} />
          {scope.unitId === null && data.groups && data.groups.length > 0 ? (
            <Groups data={data} groups={data.groups} scope={scope} />
          ) : null}
          <Sources data={data} scope={scope} />
        </div>
      ) : (
        <Loading what="số liệu" />
      )}
    </Frame>
  );
}

function Answer({ data }: { data: Figures }) {
  const headline = data.rates.find((rate) => rate.code === 'R2');
  return (
    <h1 className="answer">
      {data.total === 0 ? (
        <span className="ans">Chưa có việc nào trong phạm vi này.</span>
      ) : headline && headline.denominator > 0 ? (
        <span className="ans">
          <span className="big">
            {count(headline.numerator)}/{count(headline.denominator)}
          </span>{' '}
          việc đúng hạn ({headline.text})
        </span>
      ) : (
        <span className="ans">
          <span className="big">{count(data.total)}</span> việc, chưa việc nào đến hạn
        </span>
      )}{' '}
      <span className="more">
        {data.sentence.split(/([\d.,]+ %)/).map((piece, index) =>
          index % 2 === 1 ? (
            <span key={index} className="fr">
              {piece}
            </span>
          ) : (
            piece
          ),
        )}
      </span>
    </h1>
  );
}

function Strip({ data, scope, unitName }: { data: Figures; scope: Scope; unitName: string }) {
  const { from, to } = data.parameters;
  return (
    <section aria-labelledby="h-strip">
      <h2 id="h-strip" className="striph">
        <Figure value={data.total} scope={scope} pick={{ rate: 'R3', side: 'denominator' }} what="tổng số được giao" /> việc được giao,{' '}
        {unitName}
        <span className="quiet">
          {' '}
          · kỳ {day(from)}–{day(to)}
        </span>
      </h2>
      <Bar cells={data.cells} total={data.total} big />
      <ul className="key">
        {MAIN.map((kind) => {
          const cell = kind.cells[0] ?? '';
          const n = data.cells[cell] ?? 0;
          return (
            <li key={kind.key}>
              <span className="w">
                <i className={`sw c-${kind.look}`} aria-hidden="true" />
                <LookIcon look={kind.look} />
                {kind.word}
              </span>
              <Figure
                value={n}
                scope={scope}
                pick={{ cell }}
                what={kind.word.toLowerCase()}
                className={`v ${kind.key === 'overdue' && n > 0 ? 't-overdue' : ''}`}
              />
            </li>
          );
        })}
        <li className="rest">
          <ul>
            {REST.map((kind) => {
              const n = sum(data.cells, kind.cells);
              const some = kind.cells.filter((cell) => (data.cells[cell] ?? 0) > 0);
              return (
                <li key={kind.key}>
                  <span className="w">
                    <i className={`sw c-${kind.look}`} aria-hidden="true" />
                    <LookIcon look={kind.look} />
                    {kind.word}
                  </span>
                  {some.length === 0 ? (
                    <span className="v zero">0</span>
                  ) : some.length === 1 && some[0] !== undefined ? (
                    <Figure value={n} scope={scope} pick={{ cell: some[0] }} what={CELL_WORDS[some[0]] ?? kind.word} className="v" />
                  ) : (
                    <>
                      <span className="v">{count(n)}</span>
                      <span className="split">
                        {some.map((cell) => (
                          <span key={cell}>
                            {SHORT_WORDS[cell]}{' '}
                            <Figure value={data.cells[cell] ?? 0} scope={scope} pick={{ cell }} what={CELL_WORDS[cell] ?? cell} />
                          </span>
                        ))}
                      </span>
                    </>
                  )}
                </li>
              );
            })}
          </ul>
        </li>
      </ul>
    </section>
  );
}

function Fraction({ rate, scope }: { rate: Rate; scope: Scope }) {
  return (
    <span className="fr">
      <Figure value={rate.numerator} scope={scope} pick={{ rate: rate.code, side: 'numerator' }} what={`tử số, ${rate.name}`} />/
      <Figure value={rate.denominator} scope={scope} pick={{ rate: rate.code, side: 'denominator' }} what={`mẫu số, ${rate.name}`} />
    </span>
  );
}

function Rates({ data, scope, unitName }: { data: Figures; scope: Scope; unitName: string }) {
  const [open, setOpen] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const shown = HEADLINE.flatMap((code) => data.rates.filter((rate) => rate.code === code));
  const others = data.rates.filter((rate) => !HEADLINE.includes(rate.code));
  const asked = shown.find((rate) => rate.code === open);
  useEffect(() => {
    if (open === null) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(null);
      opener.current?.focus();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [open]);
  return (
    <section aria-labelledby="h-rates" className="rates">
      <h2 id="h-rates" className="vh">
        Các tỷ lệ
      </h2>
      <div className="tiles">
        {shown.map((rate) => (
          <div
            key={rate.code}
            className={`tile ${rate.code === 'R2' ? 'lead' : ''} ${open === rate.code ? 'open' : ''}`}
            data-rate={rate.code}
          >
            <h3>{rate.name}</h3>
            <p className="val">
              <span className="rate">{rate.text}</span> <Fraction rate={rate} scope={scope} />
            </p>
            <p className="quiet">
              {rate.code} = {rate.formula}
            </p>
            <button
              type="button"
              className="whyb"
              aria-expanded={open === rate.code}
              aria-controls="vi-sao"
              onClick={(event) => {
                opener.current = event.currentTarget;
                setOpen(open === rate.code ? null : rate.code);
              }}
            >
              Vì sao số này?<span className="vh"> {rate.name}</span>
            </button>
          </div>
        ))}
        <div id="vi-sao" className="whyslot">
          {asked ? <Why rate={asked} data={data} scope={scope} unitName={unitName} close={() => setOpen(null)} /> : null}
        </div>
      </div>
      {others.length > 0 ? (
        <details className="more">
          <summary>Các tỷ lệ khác ({others.map((rate) => rate.code).join(', ')})</summary>
          <div className="scrollx" role="region" aria-label="Các tỷ lệ khác" tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">Tỷ lệ</th>
                  <th scope="col" className="num">
                    Giá trị
                  </th>
                  <th scope="col" className="num">
                    Tử số/mẫu số
                  </th>
                  <th scope="col">Cách tính</th>
                </tr>
              </thead>
              <tbody>
                {others.map((rate) => (
                  <tr key={rate.code}>
                    <th scope="row">
                      {rate.code}. {rate.name}
                    </th>
                    <td className="num strong">{rate.text}</td>
                    <td className="num">
                      <Fraction rate={rate} scope={scope} />
                    </td>
                    <td className="quiet">{rate.formula}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
    </section>
  );
}

function Why({ rate, data, scope, unitName, close }: { rate: Rate; data: Figures; scope: Scope; unitName: string; close: () => void }) {
  const p = data.parameters;
  const lines = (DENOMINATORS[rate.code] ?? []).map((line) => ({
    ...line,
    n: line.cell === 'N' ? data.total : (data.cells[line.cell] ?? 0),
  }));
  const added = lines.reduce((all, line) => all + (line.minus ? -line.n : line.n), 0);
  const kept = lines.filter((line) => line.n > 0 || lines.length <= 4);
  return (
    <div className="why">
      <div>
        <h3>
          {rate.name}: {rate.text}
        </h3>
        <p>
          {rate.code}, {RATE_WORDS[rate.code] ?? rate.name}. Cách tính: {rate.formula}
        </p>
        <p>
          {rate.denominator === 0
            ? 'Mẫu số bằng không nên ghi “không phát sinh”.'
            : `Tử số ${count(rate.numerator)}, mẫu số ${count(rate.denominator)} việc.`}
        </p>
      </div>
      {added === rate.denominator ? (
        <table className="sumt">
          <caption>Mẫu số gồm</caption>
          <tbody>
            {kept.map((line) => (
              <tr key={line.cell}>
                <th scope="row">
                  {line.minus ? 'trừ ' : ''}
                  {line.cell === 'N' ? 'Tổng số được giao (N)' : `${CELL_WORDS[line.cell] ?? line.cell} (${line.cell})`}
                </th>
                <td className="num">
                  {line.minus && line.n > 0 ? '−' : ''}
                  <Figure
                    value={line.n}
                    scope={scope}
                    pick={line.cell === 'N' ? { rate: 'R3', side: 'denominator' } : { cell: line.cell }}
                    what={CELL_WORDS[line.cell] ?? 'tổng số'}
                  />
                </td>
              </tr>
            ))}
            <tr className="sum">
              <th scope="row">Mẫu số</th>
              <td className="num">{count(rate.denominator)}</td>
            </tr>
          </tbody>
        </table>
      ) : null}
      <dl>
        <dt>Phạm vi</dt>
        <dd>
          {unitName}
          {p.scope === 'tree' ? ', cả đơn vị trực thuộc' : ''}; {AUTHORITY_WORDS[p.authority] ?? p.authority}
        </dd>
        <dt>Tập việc</dt>
        <dd>{COHORT_WORDS[p.cohort] ?? p.cohort}</dd>
        <dt>Kỳ</dt>
        <dd>
          {day(p.from)}–{day(p.to)}
        </dd>
        <dt>Thời điểm</dt>
        <dd>
          {p.asOf ? at(p.asOf) : 'hiện tại'}, theo điều đã biết {p.knownAt ? `đến ${p.knownAt}` : 'đến nay'}
        </dd>
        <dt>Thời hạn</dt>
        <dd>
          {p.deadlineBasis === 'original' ? 'hạn ban đầu' : 'hạn đang có hiệu lực'}; làm tròn{' '}
          {p.rounding === 'truncate' ? 'cắt bỏ' : 'nửa lên'}, hai số lẻ
        </dd>
        <dt>Sự kiện</dt>
        <dd>
          {positionText(p.position)}
          {p.lastEventId ? <span className="code small"> {p.lastEventId}</span> : null}
        </dd>
      </dl>
      <button type="button" className="btn closeb" onClick={close}>
        Đóng <kbd>Esc</kbd>
      </button>
    </div>
  );
}

function rateOf(group: { rates: Rate[] }, code: string): Rate | undefined {
  return group.rates.find((rate) => rate.code === code);
}

function GroupRow({ group, scope, total }: { group: FigureGroup; scope: Scope; total?: boolean }) {
  const here = total ? scope : { ...scope, unitId: group.key };
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
  const r2 = rateOf(group, 'R2');
  const r3 = rateOf(group, 'R3');
  return (
    <tr>
      <th scope="row">{total ? group.label : <Link to={href('/', here)}>{group.label}</Link>}</th>
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
        {r2?.text ?? ''}
        {r2 && r2.denominator > 0 ? (
          <span className="sub">
            <Fraction rate={r2} scope={here} />
          </span>
        ) : null}
      </td>
      <td className="num w">{r3?.text ?? ''}</td>
    </tr>
  );
}

function Groups({ data, groups, scope }: { data: Figures; groups: FigureGroup[]; scope: Scope }) {
  const order = (group: FigureGroup) => [group.cells['O2'] ?? 0, group.total] as const;
  const rows = [...groups].sort((a, b) => order(b)[0] - order(a)[0] || order(b)[1] - order(a)[1] || a.label.localeCompare(b.label, 'vi'));
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
                Đúng hạn (R2)
              </th>
              <th scope="col" className="num w">
                Hoàn thành (R3)
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((group) => (
              <GroupRow key={group.key} group={group} scope={scope} />
            ))}
          </tbody>
          <tfoot>
            <GroupRow group={whole} scope={scope} total />
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function Lines({
  counts,
  keys,
  words,
  by,
  scope,
}: {
  counts: Counts;
  keys: readonly string[];
  words: Record<string, string>;
  by: string;
  scope: Scope;
}) {
  return (
    <tbody>
      {keys
        .filter((key) => counts[key] !== undefined)
        .map((key) => (
          <tr key={key}>
            <th scope="row">{words[key] ?? key}</th>
            <td className="num">
              <Figure value={counts[key] ?? 0} scope={scope} pick={{ [by]: key }} what={words[key] ?? key} />
            </td>
          </tr>
        ))}
    </tbody>
  );
}

function Sources({ data, scope }: { data: Figures; scope: Scope }) {
  const broken = data.balances.filter((balance) => !balance.holds);
  return (
    <>
      <div className="cols3">
        <section aria-labelledby="h-parts">
          <h2 id="h-parts">Tổng số từ đâu</h2>
          {PART_GROUPS.map((group) => (
            <table key={group.title} className="lines">
              <caption>{group.title}</caption>
              <Lines counts={data.parts} keys={group.keys} words={PART_WORDS} by="part" scope={scope} />
            </table>
          ))}
        </section>
        <section aria-labelledby="h-flow">
          <h2 id="h-flow">Vào, ra trong kỳ</h2>
          <table className="lines">
            <caption>Theo kỳ, tập việc C2</caption>
            <Lines counts={data.flow} keys={Object.keys(FLOW_WORDS)} words={FLOW_WORDS} by="flow" scope={scope} />
          </table>
        </section>
        <section aria-labelledby="h-out">
          <h2 id="h-out">Ngoài tổng số</h2>
          <table className="lines">
            <caption>Đã rút, hủy, chuyển, trả lại, trùng</caption>
            <Lines counts={data.out} keys={Object.keys(OUT_WORDS)} words={OUT_WORDS} by="out" scope={scope} />
          </table>
        </section>
      </div>
      <section aria-labelledby="h-bal">
        <h2 id="h-bal" className={broken.length > 0 ? 't-overdue' : ''}>
          {broken.length > 0 ? `${count(broken.length)} đẳng thức không khớp, không dùng số liệu này` : 'Các đẳng thức đều khớp'}
        </h2>
        <table className="plain bal">
          <thead>
            <tr>
              <th scope="col">Đẳng thức</th>
              <th scope="col" className="num">
                Vế trái
              </th>
              <th scope="col" className="num">
                Vế phải
              </th>
              <th scope="col">Kết quả</th>
            </tr>
          </thead>
          <tbody>
            {data.balances.map((balance) => (
              <tr key={balance.identity}>
                <th scope="row">{balance.identity}</th>
                <td className="num">{count(balance.left)}</td>
                <td className="num">{count(balance.right)}</td>
                <td className="stt">
                  {balance.holds ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden className="t-overdue" />}
                  {balance.holds ? 'Khớp' : 'Lệch'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
