import type { NextFunction, Request, Response } from 'express';
import { Problem } from '#kernel';
import { sendProblem, toProblem } from '../http/problem-filter.ts';
import type { Runtime } from '../runtime.ts';
import type { KnownScreen, Screens } from './screens.ts';

/** What a room screen may: read its meetings (the file of all of them is none), what happens, whether the program is well; and keep its own right. */
const READS = [/^\/v1\/briefings\/(?!export$)([^/]+)(?:\/(?:screen|ticker|show))?$/, /^\/v1\/stream$/, /^\/v1\/health\/(?:live|ready)$/, /^\/v1\/screens\/me$/];
const RENEW = /^\/v1\/screens\/renew$/;

/** The screen that asks, where it is one. */
export const screenOf = (response: Response): KnownScreen | undefined => response.locals['screen'] as KnownScreen | undefined;

/** The token of a screen: in the header, or where a browser cannot send one, for the stream, in the address. */
export function tokenOf(request: Request): string | undefined {
  const header = request.get('x-screen-token');
  if (header !== undefined) return header;
  const given = request.query['screenToken'];
  return typeof given === 'string' ? given : undefined;
}

/**
 * Stands before every door: a request with a screen's token is one of that screen, and reads what a screen may read in its own scope; whoever
 * else its headers name.
 */
export function screenGuard(screens: Screens, { briefings }: Pick<Runtime, 'briefings'>) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const token = tokenOf(request);
    if (token === undefined) {
      next();
      return;
    }
    const path = request.path.replace(/\/$/, '');
    const check = async (): Promise<void> => {
      // Renewing looks the token up itself.
      if (request.method === 'POST' && RENEW.test(path)) return;
      const screen = await screens.known(token, request.ip ?? '');
      const reads = request.method === 'GET' || request.method === 'HEAD' ? READS.map((one) => one.exec(path)).find((found) => found !== null) : undefined;
      if (!reads) throw new Problem(403, 'screen-read-only', 'Màn chỉ được xem', 'Màn phòng họp chỉ đọc phiên giao ban của mình, luồng sự kiện và tình trạng chương trình.');
      if (reads[1] !== undefined) {
        const scope = (id: string): string | null | undefined => briefings.get(id)?.state.unitId;
        await briefings.catchUp();
        // One that does not exist is the controller's to say.
        if (briefings.get(reads[1]) && scope(reads[1]) !== scope(screen.briefingId)) throw new Problem(403, 'screen-out-of-scope', 'Ngoài phạm vi của màn', 'Màn này được ghép với phạm vi khác.');
      }
      response.locals['screen'] = screen;
    };
    check().then(() => { next(); }, (error: unknown) => { sendProblem(toProblem(error), response); });
  };
}
