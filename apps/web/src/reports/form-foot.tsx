import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { type Refused } from './use-command.ts';

/** Below the fields of a form that can be put away: what was refused, and the two ways on. */
export function FormFoot({ problem, sending, word, close }: { problem: Refused | null; sending: boolean; word: string; close: () => void }) {
  return (
    <>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {word}
        </button>
        <button type="button" className="btn" onClick={close}>
          {t('Thôi')}
        </button>
      </p>
    </>
  );
}
