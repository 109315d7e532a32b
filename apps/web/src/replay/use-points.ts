import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { compare, findPoint, pointAt, step, type Mark, type Point, type Step } from './points.ts';

export type Handle = 'a' | 'b';
export const SPEEDS = [1, 5, 20] as const;
/** An address is written once the points rest: browsers refuse a hundred of them within seconds. */
const WRITE_AFTER_MS = 250;

interface Points {
  readonly a: Point;
  readonly b: Point | null;
}

/** Where playing ends by itself on the way from one point to the next, and why; null to go on. `on` is what the reader chose. */
export type Pausing = (on: string, from: Point, to: Point) => Promise<{ readonly at: Point; readonly why: string } | null>;

export interface Replaying extends Points {
  readonly remarks: readonly string[];
  /** The handle that keys and buttons move. */
  readonly active: Handle;
  readonly choose: (handle: Handle) => void;
  readonly move: (handle: Handle, to: Point) => void;
  readonly go: (how: Step) => void;
  readonly setB: () => void;
  readonly dropB: () => void;
  readonly playing: boolean;
  readonly speed: number;
  readonly setSpeed: (speed: number) => void;
  readonly play: (on: boolean) => void;
  /** What ends playing besides the last event; '' for nothing. */
  readonly pauseOn: string;
  readonly setPauseOn: (on: string) => void;
  /** Why playing ended by itself; '' until it does. */
  readonly paused: string;
  /** Whether the active handle can go on, or back. */
  readonly canGoOn: boolean;
  readonly canGoBack: boolean;
  /** The address of exactly this view. */
  readonly link: string;
}

function read(marks: readonly Mark[], search: URLSearchParams): Points & { remarks: string[] } {
  const [nameA, nameB] = [search.get('a'), search.get('b')];
  const a = nameA ? findPoint(marks, nameA) : null;
  const b = nameB ? findPoint(marks, nameB) : null;
  const remarks = [a?.remark, b?.remark].filter((remark): remark is string => typeof remark === 'string');
  const [first, second] = [a?.point ?? pointAt(marks, b ? 1 : marks.length), b?.point ?? null];
  // A stands before B, however the address names them.
  return second !== null && compare(first, second) > 0 ? { a: second, b: first, remarks } : { a: first, b: second, remarks };
}

/** The points A and B of the page: read from the address, moved by the reader or by time, written back to the address. */
export function usePoints(marks: readonly Mark[], subject: string, today: string, pausing?: Pausing): Replaying {
  const { search, hash } = useLocation();
  const navigate = useNavigate();
  const [state, setState] = useState(() => read(marks, new URLSearchParams(search)));
  const [active, choose] = useState<Handle>('a');
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const [pauseOn, setPauseOn] = useState('');
  const [paused, setPaused] = useState('');
  const asking = useRef(pausing);
  asking.current = pausing;
  const { a, b } = state;
  const written = useRef(search);

  // Back, forward, a link: the address leads. What this page wrote itself is known.
  useEffect(() => {
    if (search === written.current) return;
    written.current = search;
    setPlaying(false);
    setState(read(marks, new URLSearchParams(search)));
  }, [search, marks]);

  const moved = useRef(false);
  const wanted = useMemo(() => {
    const params = new URLSearchParams({ doiTuong: subject, a: a.name, ...(b ? { b: b.name } : {}) });
    // Colons may stand in a query, and read better there.
    return `?${params.toString().replaceAll('%3A', ':')}`;
  }, [subject, a, b]);
  useEffect(() => {
    if (!moved.current || wanted === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = wanted;
      void navigate({ search: wanted, hash }, { replace: true, preventScrollReset: true });
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted, hash, navigate]);

  const set = useCallback((change: (before: Points) => Points) => {
    moved.current = true;
    setState((before) => ({ ...change(before), remarks: [] }));
  }, []);
  const move = useCallback(
    (handle: Handle, to: Point) =>
      set((before) => {
        if (handle === 'a') return { ...before, a: before.b !== null && compare(to, before.b) > 0 ? before.b : to };
        return { ...before, b: compare(to, before.a) < 0 ? before.a : to };
      }),
    [set],
  );
  const current = active === 'b' && b !== null ? b : a;
  const limit = active === 'a' ? b : null;
  const canGoOn = (limit === null || compare(a, limit) < 0) && current.count < marks.length;
  const canGoBack = current.count > 1 && (active === 'a' || compare(current, a) > 0);
  const go = useCallback((how: Step) => move(active, step(marks, current, how, today)), [move, active, marks, current, today]);

  useEffect(() => {
    if (!playing) return undefined;
    if (!canGoOn) {
      setPlaying(false);
      return undefined;
    }
    let gone = false;
    const next = async (): Promise<void> => {
      const to = step(marks, current, 'next', today);
      // A question that fails is no reason to stop: the events go on without it.
      const stop = pauseOn === '' ? null : await asking.current?.(pauseOn, current, to).catch(() => null);
      if (gone) return;
      move(active, stop?.at ?? to);
      if (!stop) return;
      setPlaying(false);
      setPaused(stop.why);
    };
    const timer = setTimeout(() => void next(), 1000 / speed);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [playing, canGoOn, marks, current, today, pauseOn, move, active, speed]);

  return {
    a,
    b,
    remarks: state.remarks,
    active: b === null ? 'a' : active,
    choose,
    move,
    go,
    setB: () => {
      set((before) => {
        // From the end there is something to see between the last event and the one before; elsewhere B begins at the end.
        const last = pointAt(marks, marks.length);
        const atEnd = compare(before.a, last) >= 0;
        return atEnd ? { a: pointAt(marks, Math.max(1, before.a.count - 1)), b: before.a } : { a: before.a, b: last };
      });
      choose('a');
    },
    dropB: () => {
      set((before) => ({ a: before.a, b: null }));
      choose('a');
    },
    playing,
    speed,
    setSpeed,
    pauseOn,
    setPauseOn,
    paused,
    play: (on) => {
      setPaused('');
      // At the end there is nothing left to play: it begins anew.
      if (on && !canGoOn && b === null) set((before) => ({ ...before, a: pointAt(marks, 1) }));
      setPlaying(on && (canGoOn || b === null) && marks.length > 1);
    },
    canGoOn,
    canGoBack,
    link: `/phat-lai${wanted}`,
  };
}
