import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { t } from '../i18n.ts';
import { briefingPath, postAs, type Asker } from './ask.ts';
import { type Briefing, type Show } from './types.ts';
import { ROOM, useShow, type PageAsked } from './use-room.ts';

const SHOW_MS = 5_000;

/** The page that somebody at the operator's address looks at. */
export interface Shown {
  /** What stands in the room; null before the first page is shown. */
  show: Show | null;
  asked: PageAsked;
  /** The page is one's own and not the room's. */
  apart: boolean;
  turn: (part: Partial<PageAsked> & { blank?: boolean }) => void;
  /** Back to the page of the room. */
  follow: () => void;
}

/**
 * Who leads turns the room, and sees the page at once without waiting for it; the others turn a page of their own. A closed meeting is leafed through
 * from its beginning. `say`: whether the room took it.
 */
export function useShown(briefing: Briefing, as: Asker, leads: boolean, now: number, say: (words: string) => void): Shown {
  const { id } = briefing;
  const client = useQueryClient();
  const show = useShow(id, as, SHOW_MS).data?.show ?? null;
  const [own, setOwn] = useState<PageAsked | null>(null);
  const inRoom: PageAsked =
    show && briefing.state === 'open'
      ? { page: show.page, n: show.n, unitId: show.unitId, live: show.live }
      : { page: briefing.pages[0]?.key ?? 'overview', n: 1, unitId: null, live: false };
  const apart = !leads && own !== null;
  const asked = apart ? own : inRoom;

  // Two turns may fall between two drawings.
  const latest = useRef({ asked, blank: false });
  latest.current = { asked, blank: show?.blank ?? false };
  const turn: Shown['turn'] = (part) => {
    const next = { ...latest.current.asked, blank: latest.current.blank, ...part };
    latest.current = { asked: next, blank: next.blank };
    if (!leads) {
      const { page, n, unitId, live } = next;
      setOwn({ page, n, unitId, live });
      return;
    }
    const key = [ROOM, id, 'show'];
    const at = new Date(now).toISOString();
    client.setQueryData<{ show: Show | null }>(key, (old) => ({ show: { ...next, revision: (old?.show?.revision ?? 0) + 1, startedAt: old?.show?.startedAt ?? at, at } }));
    postAs<Show>(as, `${briefingPath(id)}/show`, next).then(
      (answered) => {
        client.setQueryData<{ show: Show | null }>(key, (old) => (old?.show && old.show.revision > answered.revision ? old : { show: answered }));
        say('');
      },
      (error: unknown) => {
        say(t('Màn phòng họp chưa đổi: {{why}}', { why: error instanceof Error ? error.message : String(error) }));
        void client.invalidateQueries({ queryKey: key });
      },
    );
  };
  return { show, asked, apart, turn, follow: () => setOwn(null) };
}
