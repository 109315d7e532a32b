import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { ROLE_NAMES, roleOf, unitOf, useActor } from '../actor.ts';
import { type Recorded, type Task, type TaskEvent } from '../api.ts';
import { dayOf, positionText } from '../format.ts';
import { usePast, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { href, toPresent, type Scope } from '../scope/scope.ts';
import { useUnitName } from '../scope/units.ts';
import { placeWords } from '../words.ts';
import { Undo } from '../worklist/undo.tsx';
import { ActionForm } from './action-form.tsx';
import { ACTIONS, GROUP_WORDS, primaryOf, type Action } from './action-specs.ts';
import { allowedFor } from './allowed.ts';
import { effectOf } from './effects.ts';

interface Done {
  action: Action;
  recorded: Recorded;
  /** Where the task stood, and what the log had come to, before the command. */
  before: { cell: string | null; position: string };
}

/** What the acting role can do to the task, each with what it will change in the figures; one form at a time. */
export function Actions({ task, events, scope }: { task: Task; events: readonly TaskEvent[]; scope: Scope }) {
  const actor = useActor();
  const role = roleOf(actor);
  const unit = unitOf(actor);
  const unitName = useUnitName(unit);
  const past = usePast();
  const system = useSystem();
  const [open, setOpen] = useState<string | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const who = role === 'unit' ? unitName : ROLE_NAMES[role];
  if (past) {
    return (
      <section aria-labelledby="h-act" className="side actsp">
        <h2 id="h-act">{t('Không ghi được từ quá khứ')}</h2>
        <p>
          <Link to={href(`/viec/${encodeURIComponent(task.id)}`, toPresent(scope))}>{t('Đang xem quá khứ — về hiện tại')}</Link>{' '}
          {t('để làm việc với nhiệm vụ này.')}
        </p>
      </section>
    );
  }
  const allowed = allowedFor(task, role, unit);
  const actions = ACTIONS.filter((action) => allowed.includes(action.segment));
  const primary = primaryOf(task, allowed);
  const asked = actions.find((action) => action.segment === open);
  const today = system.data ? dayOf(system.data.now) : task.assignedOn;
  const canHandOn = task.state === 'open' && (role === 'office' || unit === task.leadUnitId);
  const back = () => {
    setOpen(null);
    requestAnimationFrame(() => head.current?.focus());
  };
  return (
    <section aria-labelledby="h-act" className="side actsp" data-role={role}>
      <h2 id="h-act" ref={head} tabIndex={-1}>
        {asked ? asked.word : t('Việc của {{who}}', { who })}
      </h2>
      {done && !asked ? <Outcome done={done} task={task} today={today} scope={scope} /> : null}
      {asked ? (
        <ActionForm
          key={asked.segment}
          action={asked}
          task={task}
          events={events}
          actor={actor}
          today={today}
          cancel={back}
          finish={(recorded) => {
            setDone({ action: asked, recorded, before: { cell: task.cell, position: task.position } });
            back();
          }}
        />
      ) : actions.length === 0 ? (
        <p className="quiet">{nothingWords(task, role, unit, who)}</p>
      ) : (
        <ActionList
          actions={actions}
          primary={primary}
          task={task}
          today={today}
          choose={(segment) => {
            setDone(null);
            setOpen(segment);
          }}
        />
      )}
      {!asked && canHandOn ? (
        <p className="handon">
          <Link to={href('/giao-viec', toPresent(scope), { viecCha: task.id })}>
            {role === 'unit' ? t('Giao việc con trong đơn vị') : t('Giao việc con')}
          </Link>
        </p>
      ) : null}
    </section>
  );
}

function nothingWords(task: Task, role: string, unit: string | null, who: string): string {
  if (role === 'unit' && unit !== task.leadUnitId) return t('{{who}} không chủ trì việc này và không có gì phải trả lời.', { who });
  if (role === 'auditor') return t('Vai này chỉ xem: đọc được toàn bộ diễn biến, không ghi gì.');
  if (role === 'admin') return t('Quản trị hệ thống không ghi việc của nhiệm vụ. Chọn vai khác ở đầu trang.');
  return t('Ở trạng thái này không còn gì để làm với vai đang chọn.');
}

function ActionList({
  actions,
  primary,
  task,
  today,
  choose,
}: {
  actions: readonly Action[];
  primary: string | null;
  task: Task;
  today: string;
  choose: (segment: string) => void;
}) {
  // What is asked is what the answer will most likely be.
  const intent = { today, on: null, deadline: task.pendingExtension?.deadline ?? null, setsDeadline: false, toUnitName: null, fact: null };
  const first = actions.find((action) => action.segment === primary);
  // On a narrow screen the story would otherwise start below a long list of buttons.
  const [wide] = useState(() => window.matchMedia('(min-width: 1101px)').matches);
  const groups = Object.entries(GROUP_WORDS).map(([group, word]) => ({
    word,
    list: actions.filter((action) => action.group === group && action !== first),
  }));
  return (
    <>
      {first ? (
        <div className="act1">
          <button type="button" className="btn primary" data-act={first.segment} onClick={() => choose(first.segment)}>
            {first.word}
          </button>
          <p className="quiet">{effectOf(first.segment, task, intent)}</p>
        </div>
      ) : null}
      <details className="actmore" open={first === undefined || wide}>
        <summary>{first ? t('Việc khác ({{n}})', { n: actions.length - 1 }) : t('Có thể làm ({{n}})', { n: actions.length })}</summary>
        {groups.map(({ word, list }) =>
          list.length > 0 ? (
            <div key={word} className="actg">
              <h3>{word}</h3>
              <ul>
                {list.map((action) => (
                  <li key={action.segment}>
                    <button type="button" className="btn" data-act={action.segment} onClick={() => choose(action.segment)}>
                      {action.word}
                    </button>
                    <p className="quiet">{effectOf(action.segment, task, intent)}</p>
                  </li>
                ))}
              </ul>
            </div>
          ) : null,
        )}
      </details>
    </>
  );
}

/** After a command: what was recorded, where the task went, and the figures before and after. */
function Outcome({ done, task, today, scope }: { done: Done; task: Task; today: string; scope: Scope }) {
  const moved = task.cell !== done.before.cell;
  return (
    <div className="outcome" role="status">
      <p>
        <b>{t('Đã ghi: {{word}}', { word: done.action.word })}</b>
        {t(', sự kiện {{position}}.', { position: positionText(done.recorded.position) })}
      </p>
      <p>
        {moved
          ? t('Chuyển từ “{{from}}” sang “{{to}}”.', { from: placeWords(done.before.cell), to: placeWords(task.cell) })
          : t('Vẫn ở “{{place}}”.', { place: placeWords(task.cell) })}
      </p>
      {done.recorded.warnings.map((warning) => (
        <p key={warning.code} className="warnt" lang={saidIn()}>
          {warning.detail}
        </p>
      ))}
      {done.action.group === 'repair' ? null : <Undo key={done.recorded.position} facts={done.recorded.eventIds.map((eventId) => ({ taskId: task.id, eventId }))} />}
      <p>
        <Link
          to={href('/so-sanh', { ...toPresent(scope), period: null, sinceDay: today, sinceKnownAt: `position:${done.before.position}` })}
        >
          {t('Số liệu đã đổi gì')}
        </Link>
      </p>
    </div>
  );
}
