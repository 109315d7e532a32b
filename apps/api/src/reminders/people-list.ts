import { numberAsText } from '#imports/cell-number';
import { foldText, Problem, type Day } from '#kernel';
import { isThere, PeopleReader, type PeopleContext, type PeopleFile, type PeopleStore, type Person, type RefusedRow } from '#people';
import type { UploadedList } from '../imports/imports.ts';
import type { ReferenceData } from '../reference/reference-data.ts';
import { Turns } from '../turns.ts';

/* A list of people as it comes in, by whichever door. */

export interface Imported {
  readonly dryRun: boolean;
  readonly added: number;
  readonly changed: number;
  readonly left: number;
  readonly refused: readonly RefusedRow[];
}

/** What a list is read against: who is known, and units by id, name and short name. */
export function peopleContext(known: readonly Person[], { organisation }: Pick<ReferenceData, 'organisation'>): PeopleContext {
  const byName = new Map<string, string>();
  for (const { id, name, shortName, status } of organisation.all()) if (status === 'active') for (const word of [id, foldText(name), foldText(shortName)]) byName.set(word, id);
  return { known, unit: (text) => byName.get(text) ?? byName.get(foldText(text)) };
}

/** Names a unit in a list that goes out so that it is found again: by name where that leads back, else by id. */
export function unitWordFor({ unit }: PeopleContext, reference: Pick<ReferenceData, 'unitName'>): (id: string) => string {
  return (id) => { const name = reference.unitName(id); return unit(name) === id ? name : id; };
}

export interface Taking {
  readonly known: readonly Person[];
  /** Where the list stands in what was sent. */
  readonly pointer: string;
  readonly today: Day;
  readonly store: () => Promise<PeopleStore>;
  /** Those who are not in it have left from today on. */
  readonly sync: boolean;
  readonly dryRun: boolean;
}

/** Takes what was read, unless it is only tried. @throws Problem 422 for a list that cannot be read, 409 for a code of somebody else. */
export async function takePeople(file: PeopleFile, { known, pointer, today, store, sync, dryRun }: Taking): Promise<Imported> {
  if (!file.ok) throw new Problem(422, file.code, 'Không đọc được danh bạ', file.detail, { errors: [{ pointer, code: file.code, detail: file.detail }] });
  const listed = new Set(file.people.map(({ id }) => id));
  const left = sync ? known.filter((person) => !listed.has(person.id) && isThere(person, today)).map((person): Person => ({ ...person, leftOn: today })) : [];
  if (!dryRun && file.people.length + left.length > 0) {
    const saved = await (await store()).save([...file.people, ...left]);
    if (!saved.ok) throw new Problem(409, 'person-code-taken', 'Trùng mã cán bộ', `Mã “${saved.taken}” đã là của người khác.`, { extra: { code: saved.taken } });
  }
  const ids = new Set(known.map(({ id }) => id));
  return { dryRun, added: file.people.filter(({ id }) => !ids.has(id)).length, changed: file.people.filter(({ id }) => ids.has(id)).length, left: left.length, refused: file.refused };
}

/** The people of the first sheet that is not hidden and names the columns that are needed. */
export async function peopleOf({ sheets, date1904, rows }: UploadedList, context: PeopleContext): Promise<PeopleFile> {
  let refusal: PeopleFile | undefined;
  for (const [n, { hidden, refusal: unreadable }] of sheets.entries()) {
    if (hidden || unreadable !== undefined) continue;
    const reader = new PeopleReader({ ...context, dayOfNumber: (number) => numberAsText(number, 'due', date1904) });
    const turns = new Turns();
    for await (const row of rows(n)) {
      if (!reader.take(row)) break;
      if (turns.over) await turns.next();
    }
    const file = reader.end();
    // What stands beside the list in a workbook is no list.
    if (file.ok || (file.code !== 'columns-missing' && file.code !== 'file-empty')) return file;
    refusal ??= file;
  }
  return refusal ?? { ok: false, code: 'file-empty', detail: 'Tệp không có trang nào có chữ mà không bị ẩn.' };
}
