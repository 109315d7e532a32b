import { endOfDeadline } from '#deadlines';
import type { Instant } from '#kernel';
import type { TaskFact } from '#tasks';
import type { Cell, OutReason } from './counts.ts';
import { lifeOf } from './timeline.ts';

/** The cell of a task at an instant after all of its facts, by the rules that fill the columns; undefined without an assignment. */
export function cellOfFacts(facts: readonly TaskFact[], at: Instant): Cell | OutReason | undefined {
  const life = lifeOf(facts);
  if (!life) return undefined;
  const due = life.due[3];
  switch (life.state) {
    case 'open':
      return due === Infinity ? 'O3' : at > endOfDeadline(due) ? 'O2' : 'O1';
    case 'submitted':
    case 'done': {
      const judged = due === Infinity ? 3 : life.submittedAt <= due ? 1 : 2;
      return `${life.state === 'done' ? 'D' : 'V'}${judged}` as Cell;
    }
    case 'suspended':
      return 'X';
    default:
      return life.state;
  }
}
