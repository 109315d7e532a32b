import { systemSecrets } from '#screens';
import type { Runtime } from '../runtime.ts';
import { Screens } from './screens.ts';

/** The screens of a runtime. A screen follows the meetings of its scope: once its own is closed, the next one that is open. */
export async function openScreens({ openScreens, clock, ids, briefings }: Runtime): Promise<Screens> {
  return new Screens({
    store: await openScreens(), secrets: systemSecrets, clock, ids,
    following(briefingId) {
      const own = briefings.get(briefingId);
      if (own === undefined || own.state.closed === null) return briefingId;
      return briefings.ofScope(own.state.unitId).findLast(({ state }) => state.closed === null)?.id ?? briefingId;
    },
  });
}
