import { useRef, useState } from 'react';
import { ApiError, newKey, send, type Problem, type Recorded } from '../api.ts';
import { useActor } from '../actor.ts';
import { t } from '../i18n.ts';

export interface Refused extends Problem {
  /** Of a report that is not issued. */
  findings?: unknown;
  /** Places in a text that cannot be read. */
  faults?: { line: number; column: number; path: string; detail: string }[];
  /** The report that is open already. */
  reportId?: string;
}

/** One command at a time: the same body again has the same key, so that a repeat after a lost answer is harmless. */
export function useCommand<T extends { position: string } = Recorded>(): {
  problem: Refused | null;
  sending: boolean;
  run: (path: string, body: unknown, revision?: number) => Promise<T | undefined>;
  refuse: (problem: Refused | null) => void;
} {
  const actor = useActor();
  const [problem, setProblem] = useState<Refused | null>(null);
  const [sending, setSending] = useState(false);
  const last = useRef<{ what: string; key: string } | null>(null);
  const run = async (path: string, body: unknown, revision?: number): Promise<T | undefined> => {
    const what = JSON.stringify([path, body, actor, revision]);
    if (last.current?.what !== what) last.current = { what, key: newKey() };
    setSending(true);
    setProblem(null);
    try {
      const recorded = await send<T>(path, body, { actor, key: last.current.key, ...(revision === undefined ? {} : { revision }) });
      last.current = null;
      return recorded;
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
      // A refusal is not remembered by the server: asked again, it is decided anew.
      return undefined;
    } finally {
      setSending(false);
    }
  };
  return { problem, sending, run, refuse: setProblem };
}
