import type { EventLog } from '#event-log';
import type { Columns, Coordination, Marks } from '#figures';
import type { TaskBoard } from '#task-board';
import type { Briefings } from './briefing/briefings.ts';
import type { ReadModels } from './read-models.ts';
import type { ReferenceData } from './reference/reference-data.ts';
import type { TaskService } from './tasks/task-service.ts';

/** What figures and the dashboard are answered from: of the program that serves, and of a worker that serves nobody. */
export interface Sources {
  readonly log: EventLog;
  readonly columns: Columns;
  readonly coordination: Coordination;
  readonly marks: Marks;
  readonly board: TaskBoard;
  readonly reference: ReferenceData;
  readonly briefings: Briefings;
  readonly tasks: Pick<TaskService, 'now'>;
  readonly projector: Pick<ReadModels, 'reaches' | 'lowest'>;
}
