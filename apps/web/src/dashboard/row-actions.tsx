import { useRef, useState, type ReactNode } from 'react';
import { roleOf, useActor } from '../actor.ts';
import { RowForm } from '../desk/row-form.tsx';
import { positionText } from '../format.ts';
import { usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ACTIONS } from '../task/action-specs.ts';

export interface RowAction {
  word: string;
  segments: readonly string[];
}

export const ASK: RowAction = { word: t('Yêu cầu giải trình'), segments: ['explanation-requests'] };
export const URGE: RowAction = { word: t('Đôn đốc'), segments: ['urge'] };
export const JUDGE: RowAction = { word: t('Duyệt/không duyệt gia hạn'), segments: ['extension-grants', 'extension-refusals'] };
export const RAISE: RowAction = { word: t('Đưa vào giao ban'), segments: ['agenda'] };
export const HAND_ON: RowAction = { word: t('Giao lại'), segments: ['transfer'] };

/** Whether the reader may act from here: the leadership and its office, at present only. */
export function useCanAct(): boolean {
  const role = roleOf(useActor());
  const past = usePast();
  return !past && (role === 'leader' || role === 'office');
}

/** Actions of one task as words in its row; the form opens under it, and what was recorded stands there afterwards. */
export function useRowActions(taskId: string, code: string, actions: readonly RowAction[], openAtFirst: RowAction | null = null, tell?: (said: string) => void): { buttons: ReactNode; form: ReactNode } {
  const [asked, setAsked] = useState<RowAction | null>(openAtFirst);
  const [done, setDone] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const holder = useRef<HTMLSpanElement>(null);
  const close = () => {
    setAsked(null);
    const back = opener.current ?? holder.current?.querySelector('button');
    requestAnimationFrame(() => back?.focus());
  };
  const buttons = (
    <span className="racts" ref={holder}>
      {actions.map((action) => (
        <button
          key={action.word}
          type="button"
          className="lk"
          aria-expanded={asked?.word === action.word}
          aria-label={t('{{action}}, {{code}}', { action: action.word, code })}
          onClick={(event) => {
            opener.current = event.currentTarget;
            setDone(null);
            setAsked(asked?.word === action.word ? null : action);
          }}
        >
          {action.word}
        </button>
      ))}
      {done ? (
        <span className="rdone" role="status">
          {done}
        </span>
      ) : null}
    </span>
  );
  const form = asked ? (
    <div className="dform rform">
      <RowForm
        key={asked.word}
        taskId={taskId}
        segments={asked.segments}
        cancel={close}
        finish={(segment, recorded) => {
          const word = ACTIONS.find((action) => action.segment === segment)?.word ?? segment;
          const said = t('Đã ghi: {{word}}, {{code}}, sự kiện {{position}}', { word, code, position: positionText(recorded.position) });
          if (tell) tell(said);
          else setDone(said);
          close();
        }}
      />
    </div>
  ) : null;
  return { buttons, form };
}
