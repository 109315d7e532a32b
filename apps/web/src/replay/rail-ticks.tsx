import { IconCalendarDue, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { at, count } from '../format.ts';
import { t } from '../i18n.ts';
import { nextOf, type Happening } from './happenings.ts';
import { type PauseGroup } from './pauses.ts';

const MARK: Readonly<Record<Happening['kind'], string>> = { due: '', meeting: 'meet', report: 'rep' };

/** Meetings and reports where they stand on the rail; what they are stands in the table below it. */
export function TickLane({ happenings, place }: { happenings: readonly Happening[]; place: (time: number) => number | null }) {
  return (
    <div className="happenings">
      {happenings.map((one) => {
        const left = place(one.time);
        return one.kind === 'due' || left === null ? null : <i key={one.key} className={MARK[one.kind]} style={{ left: `${left}%` }} title={`${one.words}, ${at(one.at)}`} data-tick={one.kind} />;
      })}
    </div>
  );
}

export function TickLegend() {
  return (
    <>
      <span>
        <i className="tick meet" /> {t('giao ban, lúc chốt')}
      </span>
      <span>
        <i className="tick rep" /> {t('báo cáo, lúc ban hành')}
      </span>
    </>
  );
}

/** The same as a table: what stands on the rail, when, and the way there. */
export function TickTable({ happenings, move, letter }: { happenings: readonly Happening[]; move: (to: Happening) => void; letter: 'A' | 'B' }) {
  if (happenings.length === 0) return null;
  return (
    <details className="more">
      <summary>{t('{{n}} mốc trên thanh: hạn, giao ban, báo cáo', { n: count(happenings.length) })}</summary>
      <div className="scrollx" role="region" aria-label={t('Các mốc trên thanh')} tabIndex={0}>
        <table className="plain ticks">
          <thead>
            <tr>
              <th scope="col">{t('Lúc')}</th>
              <th scope="col">{t('Mốc')}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {happenings.map((one) => (
              <tr key={one.key} data-happening={one.kind}>
                <td>{at(one.at)}</td>
                <th scope="row">{one.to === null ? one.words : <Link to={one.to}>{one.words}</Link>}</th>
                <td>
                  <button className="btn plain" type="button" onClick={() => move(one)}>
                    {letter === 'A' ? t('Dời A tới đây') : t('Dời B tới đây')}
                    <span className="vh">, {one.words}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export type Jump = (kind: 'due' | 'meeting', way: 'before' | 'after') => void;

/** To the deadline or the meeting before or after the handle. */
export function Jumps({ jump, can }: { jump: Jump; can: (kind: 'due' | 'meeting', way: 'before' | 'after') => boolean }) {
  const button = (kind: 'due' | 'meeting', way: 'before' | 'after', words: string) => (
    <button className="btn" type="button" data-jump={`${kind}-${way}`} disabled={!can(kind, way)} onClick={() => jump(kind, way)}>
      {way === 'before' ? <IconChevronLeft size={16} aria-hidden /> : null}
      {kind === 'due' ? <IconCalendarDue size={16} aria-hidden /> : null} {words}
      {way === 'after' ? <IconChevronRight size={16} aria-hidden /> : null}
    </button>
  );
  return (
    <span className="seg">
      {button('due', 'before', t('Tới hạn trước'))}
      {button('due', 'after', t('Tới hạn sau'))}
      {button('meeting', 'before', t('Kỳ giao ban trước'))}
      {button('meeting', 'after', t('Kỳ giao ban sau'))}
    </span>
  );
}

/** Jumps among what is known already. */
export function HappeningJumps({ happenings, time, last, move }: { happenings: readonly Happening[]; time: number; last: number; move: (to: Happening) => void }) {
  const found = (kind: 'due' | 'meeting', way: 'before' | 'after'): Happening | null => {
    const one = nextOf(happenings, kind, time, way);
    // What is still to come has no state to be seen in.
    return one !== null && one.time <= last ? one : null;
  };
  return (
    <Jumps
      jump={(kind, way) => {
        const one = found(kind, way);
        if (one) move(one);
      }}
      can={(kind, way) => found(kind, way) !== null}
    />
  );
}

/** What ends playing besides the last event. */
export function PausePick({ groups, value, onChange }: { groups: readonly PauseGroup[]; value: string; onChange: (on: string) => void }) {
  return (
    <label className="pick">
      <span>{t('Dừng khi')}</span>
      <select name="dungKhi" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('hết sự kiện')}</option>
        {groups.map(({ label, choices }) =>
          label === null ? (
            choices.map((one) => (
              <option key={one.value} value={one.value}>
                {one.words}
              </option>
            ))
          ) : choices.length === 0 ? null : (
            <optgroup key={label} label={label}>
              {choices.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.words}
                </option>
              ))}
            </optgroup>
          ),
        )}
      </select>
    </label>
  );
}
