import { type Deadline, type DeadlineChange, type Task } from '../api.ts';
import { addDays, count, day, dayOf, daysBetween, longDay, mondayOf, moment } from '../format.ts';
import { t } from '../i18n.ts';
import { Counting, dueWords } from './counting.tsx';

const CHANGE_WORDS: Readonly<Record<string, string>> = {
  TaskAssigned: t('Giao'),
  ExtensionGranted: t('Cho gia hạn'),
  DeadlineSet: t('Đặt hạn'),
  DeadlineRecomputed: t('Tính lại'),
  TaskTransferred: t('Chuyển'),
  TaskResumed: t('Tiếp tục'),
  TaskReopened: t('Mở lại'),
};

interface Row {
  key: string;
  word: string;
  from: string;
  /** Where the deadline before stood: the bar up to there is old, beyond it is what this change added. */
  old: string | null;
  to: string | null;
  look: 'plan' | 'asked';
  text: string;
}

function rowsOf(task: Task): Row[] {
  const rows: Row[] = task.deadlineHistory.map((change, index) => {
    const dueOn = change.deadline?.dueOn ?? null;
    return {
      key: change.eventId,
      word: `${CHANGE_WORDS[change.type] ?? change.type} ${day(dayOf(change.occurredAt)).slice(0, 5)}`,
      from: task.assignedOn,
      old: task.deadlineHistory[index - 1]?.deadline?.dueOn ?? null,
      to: dueOn,
      look: 'plan',
      text: dueOn ? t('hạn {{dueOn}}', { dueOn: longDay(dueOn) }) : t('không thời hạn'),
    };
  });
  const before = rows.at(-1)?.to ?? null;
  const asked = task.pendingExtension;
  if (asked?.deadline.dueOn) {
    rows.push({
      key: asked.eventId,
      word: t('Đề nghị {{day}}', { day: day(dayOf(asked.occurredAt)).slice(0, 5) }),
      from: before ?? task.assignedOn,
      old: null,
      to: asked.deadline.dueOn,
      look: 'asked',
      text: t('xin {{day}}', { day: longDay(asked.deadline.dueOn) }),
    });
  }
  return rows;
}

function takeaway(task: Task): string {
  const dues = task.deadlineHistory.map((change) => change.deadline?.dueOn ?? null);
  const [first, last] = [dues[0] ?? null, dues.at(-1) ?? null];
  const moved = dues.filter((dueOn, at) => at > 0 && dueOn !== dues[at - 1]).length;
  if (last === null) return t('Chưa có thời hạn');
  if (moved === 0 || first === null) return first === null ? t('Thời hạn được đặt sau khi giao') : t('Hạn chưa đổi lần nào');
  const days = daysBetween(first, last);
  const numbers = { moved: count(moved), days: count(Math.abs(days)) };
  return days >= 0
    ? t('Hạn đổi {{moved}} lần, thêm {{days}} ngày so với ban đầu', numbers)
    : t('Hạn đổi {{moved}} lần, bớt {{days}} ngày so với ban đầu', numbers);
}

/** Planned against revised: a bar for each deadline that was in force, one for what is asked, a line for what really happened. */
export function Deadlines({ task, today }: { task: Task; today: string }) {
  const rows = rowsOf(task);
  const submitted = task.submittedAt ? dayOf(task.submittedAt) : null;
  const end =
    submitted ?? (task.state === 'open' || task.state === 'suspended' ? today : task.completedAt ? dayOf(task.completedAt) : null);
  const lasts = [...rows.map((row) => row.to), end].filter((iso): iso is string => iso !== null).sort();
  const from = task.assignedOn;
  const until = addDays(lasts.at(-1) ?? from, 1);
  const span = Math.max(1, daysBetween(from, until));
  const at = (iso: string) => `${(Math.min(Math.max(0, daysBetween(from, iso)), span) / span) * 100}%`;
  const wide = (a: string, b: string) => `${(Math.max(0, daysBetween(a, b)) / span) * 100}%`;
  const drawable = lasts.length > 0;
  return (
    <section aria-labelledby="h-dl">
      <h2 id="h-dl">{takeaway(task)}</h2>
      {drawable ? (
        <div className="gantt" aria-hidden="true">
          <Scale from={from} until={until} at={at} span={span} />
          {rows.map((row) => (
            <div key={row.key} className="grow">
              <span className="gw">{row.word}</span>
              <span className="gbar">
                {row.to && row.look === 'asked' ? (
                  <i className="asked" style={{ left: at(row.from), width: wide(row.from, addDays(row.to, 1)) }} />
                ) : null}
                {row.to && row.look === 'plan' ? (
                  <>
                    <i
                      className="base"
                      style={{ left: 0, width: wide(from, addDays(row.old !== null && row.old < row.to ? row.old : row.to, 1)) }}
                    />
                    {row.old !== null && row.old < row.to ? (
                      <i className="more" style={{ left: at(addDays(row.old, 1)), width: wide(row.old, row.to) }} />
                    ) : null}
                  </>
                ) : null}
              </span>
              <span className="gt">{row.text}</span>
            </div>
          ))}
          {end ? (
            <div className="grow real">
              <span className="gw">{t('Thực tế')}</span>
              <span className="gbar">
                <i className="line" style={{ left: 0, width: wide(from, addDays(end, 1)) }} />
                {submitted ? <i className="dot" style={{ left: at(addDays(end, 1)) }} /> : null}
              </span>
              <span className="gt">
                {submitted ? t('báo cáo {{submitted}}', { submitted: longDay(submitted) }) : t('đến {{end}}', { end: longDay(end) })}
              </span>
            </div>
          ) : null}
        </div>
      ) : null}
      <ol className="dlist">
        {task.deadlineHistory.map((change, index) => (
          <DeadlineLine key={change.eventId} change={change} open={index === task.deadlineHistory.length - 1} />
        ))}
      </ol>
    </section>
  );
}

function Scale({ from, until, at, span }: { from: string; until: string; at: (iso: string) => string; span: number }) {
  const every = span <= 42 ? 7 : Math.ceil(span / 5 / 7) * 7;
  const ticks: string[] = [];
  for (let tick = addDays(mondayOf(from), 7); tick < until; tick = addDays(tick, every)) ticks.push(tick);
  // The words of the last one stand before its line, where those of the one before it may stand.
  const last = ticks.at(-1);
  const crowded = ticks.at(-2);
  if (last !== undefined && crowded !== undefined && parseFloat(at(last)) > 75 && parseFloat(at(crowded)) <= 75 && parseFloat(at(last)) - parseFloat(at(crowded)) < 36) ticks.splice(-2, 1);
  return (
    <div className="grow scale">
      <span className="gw" />
      <span className="gbar">
        {ticks.map((tick) => (
          <b key={tick} className={parseFloat(at(tick)) > 75 ? 'ends' : undefined} style={{ left: at(tick) }}>
            {day(tick).slice(0, 5)}
          </b>
        ))}
      </span>
      <span className="gt" />
    </div>
  );
}

const moved = (deadline: Deadline | null): boolean =>
  Boolean(deadline?.dueOn && deadline.literalDueOn && deadline.literalDueOn !== deadline.dueOn);

function DeadlineLine({ change, open }: { change: DeadlineChange; open: boolean }) {
  return (
    <li>
      <details open={open}>
        <summary>
          {CHANGE_WORDS[change.type] ?? change.type} {moment(change.occurredAt)}: <b>{dueWords(change.deadline)}</b>
          {moved(change.deadline) ? t(', đã dời vì trúng ngày nghỉ') : ''}
          <span className="vh">{t('. Cách tính hạn')}</span>
        </summary>
        <Counting deadline={change.deadline} />
        <p className="quiet">
          <a href={`#su-kien-${change.eventId}`}>{t('Sự kiện ghi hạn này')}</a>
        </p>
      </details>
    </li>
  );
}
