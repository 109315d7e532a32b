import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { addDays, count, day, daysBetween, longDay } from '../format.ts';
import { t } from '../i18n.ts';
import { Failure, Loading } from '../states.tsx';
import { bucketFor, useDensity, type Bucket, type WideView } from './audit.ts';

const spanWords = ({ from, to }: Bucket): string => (from === to ? day(from) : t('{{from}} đến {{to}}', { from: day(from), to: day(to) }));

/** When it was recorded, above the line, and when it happened, below: how many events by day, week or month, with the two points on it. */
export function WideRail({ view }: { view: WideView }) {
  const whole = useDensity(view, 'recorded', null);
  const first = whole.data?.buckets[0]?.from;
  const last = whole.data?.buckets.at(-1)?.to;
  const from = view.from ?? first ?? view.today;
  const to = view.to ?? (last !== undefined && last > view.today ? last : view.today);
  const bucket = bucketFor(from, to);
  const recorded = useDensity(view, 'recorded', bucket);
  const occurred = useDensity(view, 'occurred', bucket);
  const plot = useRef<HTMLDivElement>(null);
  const failed = [whole, recorded, occurred].find(({ error, data }) => error !== null && data === undefined);
  if (failed?.error) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!recorded.data || !occurred.data) return <Loading what={t('mật độ sự kiện')} />;
  const days = Math.max(1, daysBetween(from, to) + 1);
  const place = (on: string): number => Math.min(100, Math.max(0, (daysBetween(from, on) / days) * 100));
  const highest = Math.max(1, recorded.data.highest, occurred.data.highest);
  const bars = (list: readonly Bucket[], lane: 'up' | 'down') =>
    list
      .filter((one) => one.to >= from && one.from <= to)
      .map((one) => (
        <i
          key={one.from}
          className={`dbar ${lane}`}
          data-late={one.late > 0 || undefined}
          style={{
            left: `${place(one.from)}%`,
            width: `max(1px, ${Math.max(0, place(addDays(one.to, 1)) - place(one.from))}% - 1px)`,
            height: `${Math.max(2, Math.round((one.total / highest) * 100))}%`,
          }}
        />
      ));
  const move = (handle: 'a' | 'b', to: string): void => {
    const kept = to < from ? from : to > view.today ? view.today : to;
    // A stays before B: the one that is passed goes along.
    if (handle === 'a') view.set({ a: kept, ...(kept > view.b ? { b: kept } : { b: view.b }) });
    else view.set({ b: kept, ...(kept < view.a ? { a: kept } : { a: view.a }) });
  };
  const dayAt = (event: PointerEvent): string => {
    const box = plot.current!.getBoundingClientRect();
    return addDays(from, Math.min(days - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * days))));
  };
  const nearest = (on: string): 'a' | 'b' => (Math.abs(daysBetween(view.a, on)) <= Math.abs(daysBetween(view.b, on)) ? 'a' : 'b');
  const handle = (letter: 'a' | 'b') => {
    const on = view[letter];
    const press = (event: KeyboardEvent) => {
      const steps: Readonly<Record<string, string>> = {
        ArrowLeft: addDays(on, -1),
        ArrowDown: addDays(on, -1),
        ArrowRight: addDays(on, 1),
        ArrowUp: addDays(on, 1),
        PageDown: addDays(on, -7),
        PageUp: addDays(on, 7),
        Home: from,
        End: view.today,
      };
      const next = steps[event.key];
      if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move(letter, next);
    };
    return (
      <div
        className={`handle h${letter} on`}
        style={{ left: `${place(addDays(on, 1))}%` }}
        data-handle={letter}
        role="slider"
        tabIndex={0}
        aria-label={letter === 'a' ? t('Mốc A') : t('Mốc B')}
        aria-valuemin={0}
        aria-valuemax={daysBetween(from, view.today)}
        aria-valuenow={Math.max(0, daysBetween(from, on))}
        aria-valuetext={t('hết {{day}}', { day: longDay(on) })}
        onKeyDown={press}
      >
        <span className="flag">{letter.toUpperCase()}</span>
      </div>
    );
  };
  const late = recorded.data.buckets.reduce((sum, one) => sum + one.late, 0);
  const repairs = recorded.data.buckets.reduce((sum, one) => sum + one.repairs, 0);
  const rows = [...new Set([...recorded.data.buckets, ...occurred.data.buckets].map((one) => one.from))].sort();
  const at = (list: readonly Bucket[], start: string): Bucket | undefined => list.find((one) => one.from === start);
  return (
    <section aria-labelledby="h-rail" className="widerail">
      <h2 id="h-rail">
        {t('{{n}} sự kiện được ghi', { n: count(recorded.data.total) })}{' '}
        <span className="quiet">
          {t('từ {{from}} đến {{to}}; {{late}} ghi muộn, {{repairs}} đính chính hoặc hủy', {
            from: day(from),
            to: day(to),
            late: count(late),
            repairs: count(repairs),
          })}
        </span>
      </h2>
      <div className="controls" role="group" aria-label={t('Hai mốc và khoảng thời gian')}>
        <label className="pick">
          <span>{t('Mốc A, hết ngày')}</span>
          <input
            type="date"
            name="a"
            value={view.a}
            max={view.today}
            onChange={(event) => event.target.value !== '' && move('a', event.target.value)}
          />
        </label>
        <label className="pick">
          <span>{t('Mốc B, hết ngày')}</span>
          <input
            type="date"
            name="b"
            value={view.b}
            max={view.today}
            onChange={(event) => event.target.value !== '' && move('b', event.target.value)}
          />
        </label>
        <label className="pick">
          <span>{t('Trải từ')}</span>
          <input type="date" name="tu" value={view.from ?? from} onChange={(event) => view.set({ tu: event.target.value })} />
        </label>
        <label className="pick">
          <span>{t('đến')}</span>
          <input type="date" name="den" value={view.to ?? to} onChange={(event) => view.set({ den: event.target.value })} />
        </label>
        {view.from !== null || view.to !== null ? (
          <button className="btn" type="button" onClick={() => view.set({ tu: null, den: null })}>
            {t('Trải hết')}
          </button>
        ) : null}
      </div>
      <div
        className="plot"
        onPointerDown={(event) => {
          const on = dayAt(event);
          move(nearest(on), on);
        }}
      >
        <div className="lanes" ref={plot}>
          <span className="lane wide">{t('ghi')}</span>
          <span className="lane wide down">{t('xảy ra')}</span>
          <div className="dlane up" aria-hidden="true">
            {bars(recorded.data.buckets, 'up')}
          </div>
          <div className="axis" aria-hidden="true">
            {[0, 1, 2, 3, 4].map((n) => {
              const on = addDays(from, Math.floor((days * n) / 5));
              return (
                <b key={n} style={{ left: `${n * 20}%` }}>
                  {day(on)}
                </b>
              );
            })}
          </div>
          <div className="dlane down" aria-hidden="true">
            {bars(occurred.data.buckets, 'down')}
          </div>
          {handle('a')}
          {handle('b')}
        </div>
      </div>
      <p className="quiet keysline">
        {t(
          'Cột trên trục: theo ngày ghi; dưới trục: theo ngày xảy ra. Ở mốc: ← → một ngày, PageUp PageDown một tuần, Home End về đầu, cuối.',
        )}
      </p>
      <details className="more">
        <summary>{t('Bảng số của biểu đồ')}</summary>
        <div className="scrollx" role="region" aria-label={t('Số sự kiện theo thời gian')} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('Khoảng')}</th>
                <th scope="col" className="num">
                  {t('Ghi')}
                </th>
                <th scope="col" className="num">
                  {t('Trong đó ghi muộn')}
                </th>
                <th scope="col" className="num">
                  {t('Xảy ra')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((start) => {
                const [up, down] = [at(recorded.data.buckets, start), at(occurred.data.buckets, start)];
                const one = up ?? down!;
                return (
                  <tr key={start}>
                    <th scope="row">{spanWords(one)}</th>
                    <td className="num">{count(up?.total ?? 0)}</td>
                    <td className="num">{count(up?.late ?? 0)}</td>
                    <td className="num">{count(down?.total ?? 0)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
