import { type Task } from '../api.ts';

/** The commands this role may give now: those of `next`, and for a unit only on tasks it leads or helps with. */
export function allowedFor(task: Task, role: string, unit: string | null): readonly string[] {
  const given = task.next[role] ?? [];
  if (role !== 'unit') return given;
  if (unit === task.leadUnitId) return given.filter((segment) => segment !== 'coordination-answers');
  return task.coordinatingUnits.some((one) => one.id === unit) ? given.filter((segment) => segment === 'coordination-answers') : [];
}
