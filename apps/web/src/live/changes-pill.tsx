import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { count } from '../format.ts';
import { usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { useNewSince } from './use-live.ts';

/**
 * A list stays as it was read until its reader takes what is new; nothing is offered while the past is shown. `of` names the kinds of events that
 * change it: those of tasks unless others are named.
 */
export function ChangesPill({ position, taskId, of, apply }: { position: string | undefined; taskId?: string; of?: readonly string[]; apply: () => Promise<unknown> }) {
  const past = usePast();
  const waiting = useNewSince(position, taskId, of);
  const [taking, setTaking] = useState(false);
  const [taken, setTaken] = useState(false);
  useEffect(() => {
    if (waiting !== 0) setTaken(false);
  }, [waiting]);
  const any = !past && waiting !== 0;
  return (
    <div className="pillrow" aria-live="polite">
      {any ? (
        <button
          type="button"
          className="btn pill"
          disabled={taking}
          onClick={() => {
            setTaking(true);
            void apply().finally(() => {
              setTaking(false);
              setTaken(true);
            });
          }}
        >
          <IconRefresh size={16} aria-hidden />
          {waiting === null ? t('Có thay đổi — cập nhật') : t('{{waiting}} thay đổi — cập nhật', { waiting: count(waiting) })}
        </button>
      ) : taken ? (
        <span className="vh">{t('Đã cập nhật')}</span>
      ) : null}
    </div>
  );
}
