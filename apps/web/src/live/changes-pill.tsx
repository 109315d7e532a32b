import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { count } from '../format.ts';
import { usePast } from '../frame.tsx';
import { useNewSince } from './use-live.ts';

/** A list stays as it was read until its reader takes what is new; nothing is offered while the past is shown. */
export function ChangesPill({ position, taskId, apply }: { position: string | undefined; taskId?: string; apply: () => Promise<unknown> }) {
  const past = usePast();
  const waiting = useNewSince(position, taskId);
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
          {waiting === null ? 'Có thay đổi — cập nhật' : `${count(waiting)} thay đổi — cập nhật`}
        </button>
      ) : taken ? (
        <span className="vh">Đã cập nhật</span>
      ) : null}
    </div>
  );
}
