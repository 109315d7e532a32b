import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { personIdOf } from '#people';
import { DEFAULT_RULES } from '#reminders';
import { assignment, submission, unit } from './bodies.ts';
import type { TestServer } from './server.ts';

/* Every command of the API: who may give it, and a body that is taken. */

interface Answer { readonly id: string }

export const ACTORS = { office: 'office', leader: 'leader', lead: 'unit:so-y-te', other: 'unit:so-noi-vu', coordinating: 'unit:so-tai-chinh', auditor: 'auditor', admin: 'admin' } as const;
export type Who = keyof typeof ACTORS;
export const EVERYONE = Object.keys(ACTORS) as Who[];
export type State = 'none' | 'open' | 'submitted' | 'done' | 'suspended' | 'asked' | 'returning' | 'free' | 'questioned';
export interface Row {
  readonly may: readonly Who[];
  readonly state?: State;
  readonly body?: (taskId: string, n: number) => object | Promise<object>;
  /** What stands for the last `{…}` of the path, where it is no task. */
  readonly id?: (n: number) => string | Promise<string>;
  /** The answer to who may, where it is neither 200 nor 201. */
  readonly done?: number;
}


const OFFICE: readonly Who[] = ['office'];
const DECIDING: readonly Who[] = ['office', 'leader'];
const DOING: readonly Who[] = ['office', 'lead'];
const ADMIN: readonly Who[] = ['admin'];

/** Three units that tasks are given to. */
export const LEADS = ['so-y-te', 'so-noi-vu', 'so-tai-chinh'] as const;

/** The doors of a server that has the units of LEADS, at `now`, and what is made to stand behind them. */
export function commandDoors(server: TestServer, now: string) {
  const given = async (change: object = {}): Promise<string> => (await server.done<Answer>('/tasks', assignment(change))).id;
  const reason = (): object => ({ reason: 'lý do' });
  const freshUnit = async (n: number): Promise<string> => (await server.done<Answer>('/units', unit(`don-vi-${String(n)}`), 'admin')).id;
  const meeting = async (n: number): Promise<string> => (await server.done<Answer>('/briefings', { name: 'Giao ban', cutOff: now, unitId: await freshUnit(n) })).id;
  /** Two parts of a path. */
  const conclusion = async (n: number): Promise<string> => {
    const id = await meeting(n);
    return `${id}/conclusions/${(await server.done<{ conclusionId: string }>(`/briefings/${id}/conclusions`, { kind: 'decision', text: 'Rà soát' })).conclusionId}`;
  };
  /** A device may ask for ten a minute. */
  const shownCode = async (): Promise<string> => {
    server.clock.set(server.clock.now() + 61_000);
    return (await server.done<{ code: string }>('/screens')).code;
  };
  const years = ['2030', '2031', '2032', '2033', '2034', '2035', '2036'];
  const year = (n: number): string => years[n % years.length]!;

  const freshPlan = async (n: number): Promise<string> => (await server.done<Answer>('/plans', { unitId: 'so-y-te', year: 2020, code: `moi-${String(n)}`, title: 'Kế hoạch' })).id;
  const freshItem = async (n: number, done = false): Promise<string> => {
    const plan = await freshPlan(n);
    const { itemId } = await server.done<{ itemId: string }>(`/plans/${plan}/items`, { content: 'Một mục' });
    if (done) await server.done(`/plans/${plan}/items/${itemId}/done`, { evidence: { number: '1/BC-SYT', date: '2020-11-16' } });
    return `${plan}/items/${itemId}`;
  };
  const freshIndicator = async (n: number): Promise<string> => (await server.done<Answer>('/indicators', { unitId: 'so-y-te', code: `moi-${String(n)}`, name: 'Chỉ tiêu', measure: '%' })).id;

  const PEOPLE = 'Mã,Họ và tên,Đơn vị,Vai trò\nCB1,Người thử,so-y-te,chuyên viên\n';
  const somebody = async (): Promise<string> => {
    await server.done('/people/import', { csv: PEOPLE }, 'admin');
    return personIdOf('CB1');
  };
  const weekly = { name: 'Bảng điều hành', hour: '08:00', weekdays: [1] };
  const subscribed = async (): Promise<string> => (await server.done<Answer>('/subscriptions', { personId: await somebody(), ...weekly })).id;
  const draft = async (n: number): Promise<string> => (await server.done<Answer>('/reports', { unitId: await freshUnit(n), period: '2020', templateId: 'mau-ngan' })).id;
  /** Two issued reports of one unit, made once: files are written for them. */
  let issuedPair: Promise<readonly [string, string]> | undefined;
  const issued = (n: number): Promise<readonly [string, string]> => (issuedPair ??= (async () => {
    const unitId = await freshUnit(n);
    const made: string[] = [];
    for (let one = 0; one < 2; one++) {
      const { id } = await server.done<Answer>('/reports', { unitId, period: '2020', templateId: 'mau-ngan' });
      await server.done(`/reports/${id}/issue`);
      made.push(id);
    }
    return [made[0]!, made[1]!] as const;
  })());
  {
    const folder = join(server.dataDir, 'reports', 'templates');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ngan.yaml'), 'mẫu: mau-ngan\nphiên bản: 1\ntên: Mẫu ngắn\ncăn cứ: Công văn\nhiệu lực: {từ: 15/12/2018}\nký hiệu: BC\ntrích yếu: Công tác\nnơi nhận: [Như trên]\nngười ký: Giám đốc\nphần:\n  - {mã: I, tiêu đề: Kết quả, câu: ["Tốt."]}\n');
  }

  /** Every command there is; a door without a row here makes doors.e2e.spec.ts fail. */
  const commands: Readonly<Record<string, readonly Row[]>> = {
    '/tasks': [
      { may: OFFICE, state: 'none', body: () => assignment() },
      { may: DOING, state: 'open', body: (parentTaskId) => assignment({ parentTaskId }) },
    ],
    '/tasks/{id}/receive': [{ may: DOING }],
    '/tasks/{id}/progress': [{ may: DOING, body: () => ({ note: 'đang làm' }) }],
    '/tasks/{id}/extension-requests': [{ may: DOING, body: () => ({ ...reason(), deadline: { date: '2020-12-21' } }) }],
    '/tasks/{id}/extension-grants': [{ may: DECIDING, body: () => ({ deadline: { date: '2020-12-21' } }) }],
    '/tasks/{id}/extension-refusals': [{ may: DECIDING, state: 'asked', body: reason }],
    '/tasks/{id}/deadline': [{ may: OFFICE, state: 'free', body: () => ({ deadline: { date: '2020-12-21' } }) }],
    '/tasks/{id}/return-proposals': [{ may: DOING, body: reason }],
    '/tasks/{id}/return-acceptances': [{ may: DECIDING, state: 'returning' }],
    '/tasks/{id}/return-refusals': [{ may: DECIDING, state: 'returning', body: reason }],
    '/tasks/{id}/transfer': [{ may: OFFICE, body: () => ({ ...reason(), toUnitId: 'so-noi-vu' }) }],
    '/tasks/{id}/suspend': [{ may: OFFICE, body: reason }],
    '/tasks/{id}/resume': [{ may: OFFICE, state: 'suspended', body: () => ({ deadline: { date: '2020-12-21' } }) }],
    '/tasks/{id}/completion-submissions': [{ may: DOING, body: () => submission() }],
    '/tasks/{id}/completion-confirmations': [{ may: DECIDING, state: 'submitted' }],
    '/tasks/{id}/completion-refusals': [{ may: DECIDING, state: 'submitted', body: reason }],
    '/tasks/{id}/reopen': [{ may: OFFICE, state: 'done', body: reason }],
    '/tasks/{id}/withdraw': [{ may: OFFICE, body: reason }],
    '/tasks/{id}/cancel': [{ may: OFFICE, body: reason }],
    '/tasks/{id}/link-duplicate': [{ may: OFFICE, body: async () => ({ ...reason(), ofTaskId: await given() }) }],
    '/tasks/{id}/urge': [{ may: DECIDING }],
    '/tasks/{id}/agenda': [{ may: DECIDING, body: reason }],
    '/tasks/{id}/explanation-requests': [{ may: DECIDING, body: () => ({ question: 'vì sao?' }) }],
    '/tasks/{id}/explanations': [{ may: DOING, state: 'questioned', body: () => ({ answer: 'vì mưa' }) }],
    '/tasks/{id}/objective-causes': [{ may: OFFICE, body: () => ({ ...reason(), document: '9/UBND' }) }],
    '/tasks/{id}/coordination-answers': [{ may: ['office', 'coordinating'], body: () => ({ unitId: 'so-tai-chinh' }) }],
    '/tasks/{id}/correct': [{ may: OFFICE, body: () => ({ ...reason(), changes: { content: 'Nội dung đúng' } }) }],
    '/tasks/{id}/annul': [{ may: OFFICE, state: 'submitted', body: async (id) => ({ ...reason(), eventId: (await server.runtime.log.readStream(`task-${id}`)).at(-1)!.id }) }],
    '/tasks/{id}/void': [{ may: OFFICE, body: reason }],
    '/tasks/bulk/preview': [{ may: OFFICE, body: (id) => ({ action: 'withdraw', tasks: [{ id }], body: reason() }) }],
    '/tasks/bulk': [{ may: OFFICE, body: (id) => ({ action: 'withdraw', tasks: [{ id }], body: reason() }) }],
    '/tasks/bulk/undo': [{ may: OFFICE, state: 'submitted', body: async (id) => ({ ...reason(), facts: [{ taskId: id, eventId: (await server.runtime.log.readStream(`task-${id}`)).at(-1)!.id }] }) }],
    '/views': [{ may: EVERYONE, state: 'none', body: (_, n) => ({ name: `Góc nhìn ${String(n)}`, path: '/viec' }) }],
    '/views/{id}/rename': [{ may: EVERYONE, id: () => 'khong-co', body: () => ({ name: 'Tên khác' }), done: 404 }],
    '/units': [{ may: ['office', 'admin'], state: 'none', body: (_, n) => unit(`moi-${String(n)}`) }],
    '/units/{id}/rename': [{ may: ADMIN, id: freshUnit, body: (_, n) => ({ on: '2020-11-16', name: `Tên mới ${String(n)}` }) }],
    '/units/{id}/move': [{ may: ADMIN, id: freshUnit, body: () => ({ on: '2020-11-16', parentId: 'so-noi-vu' }) }],
    '/units/{id}/merge-into': [{ may: ADMIN, id: freshUnit, body: () => ({ on: '2020-11-16', intoUnitId: 'so-noi-vu' }) }],
    '/units/{id}/split': [{ may: ADMIN, id: freshUnit, body: () => ({ on: '2020-11-16', into: ['so-noi-vu', 'so-y-te'], heirUnitId: 'so-y-te' }) }],
    '/units/{id}/dissolve': [{ may: ADMIN, id: freshUnit, body: () => ({ on: '2020-11-16' }) }],
    '/calendar/{year}': [{ may: ADMIN, id: year, body: (_, n) => ({ basis: `Thông báo ${String(n)}`, holidays: [], compensations: [], swaps: [] }) }],
    '/calendar/{year}/preview': [{ may: ['office', 'admin'], id: year, body: () => ({ basis: 'Thông báo', holidays: [], compensations: [], swaps: [] }) }],
    '/deadlines/recompute': [{ may: OFFICE, body: (id) => ({ ...reason(), taskIds: [id] }) }],
    '/deadlines/read': [{ may: EVERYONE, state: 'none', body: () => ({ phrase: 'trước ngày 01/12/2020' }) }],
    '/settings': [{ may: ADMIN, state: 'none', body: (_, n) => ({ ...reason(), fullWeekTasks: 30 + n }) }],
    '/secret-counts': [{ may: OFFICE, state: 'none', body: (_, n) => ({ unitId: 'so-y-te', from: `2020-01-${String(1 + (n % 28)).padStart(2, '0')}`, to: `2020-01-${String(1 + (n % 28)).padStart(2, '0')}`, assigned: 2, completed: 1 }) }],
    '/plans': [{ may: OFFICE, state: 'none', body: (_, n) => ({ unitId: 'so-y-te', year: 2020, code: `ke-hoach-${String(n)}`, title: 'Kế hoạch' }) }],
    '/plans/{id}/items': [{ may: OFFICE, id: freshPlan, body: () => ({ content: 'Một mục' }) }],
    '/plans/{id}/items/{itemId}/done': [{ may: OFFICE, id: async (n) => freshItem(n), body: () => ({ evidence: { number: '1/BC-SYT', date: '2020-11-16' } }) }],
    '/plans/{id}/items/{itemId}/reopen': [{ may: OFFICE, id: async (n) => freshItem(n, true), body: reason }],
    '/plans/{id}/items/{itemId}/remove': [{ may: OFFICE, id: async (n) => freshItem(n), body: reason }],
    '/plans/{id}/correct': [{ may: OFFICE, id: freshPlan, body: () => ({ ...reason(), title: 'Kế hoạch đúng' }) }],
    '/reports': [{ may: OFFICE, state: 'none', body: async (_, n) => ({ unitId: await freshUnit(n), period: '2020' }) }],
    '/reports/{id}/edit': [{ may: OFFICE, id: draft, body: () => ({ number: '1/BC' }) }],
    '/reports/{id}/check': [{ may: OFFICE, id: draft }],
    '/reports/{id}/issue': [{ may: OFFICE, id: draft }],
    '/reports/{id}/supersede': [{ may: OFFICE, id: async (n) => (await issued(n))[0], body: async (_, n) => ({ ...reason(), byReportId: (await issued(n))[1] }) }],
    '/plans/{id}/notes': [{ may: OFFICE, id: freshPlan, body: () => ({ note: 'Đạt kế hoạch' }) }],
    '/indicators': [{ may: OFFICE, state: 'none', body: (_, n) => ({ unitId: 'so-y-te', code: `chi-tieu-${String(n)}`, name: 'Chỉ tiêu', measure: '%' }) }],
    '/indicators/{id}/values': [{ may: OFFICE, id: freshIndicator, body: () => ({ amount: { kind: 'count', number: 3 }, validFrom: '2020-11-16', evidence: { number: '1/BC-SYT' } }) }],
    '/indicators/{id}/targets': [{ may: OFFICE, id: freshIndicator, body: () => ({ year: 2021, amount: { kind: 'percent', hundredths: 9_000 } }) }],
    '/projections/{name}/rebuild': [{ may: ADMIN, id: () => 'figures', done: 202 }],
    '/projections/drop': [{ may: ADMIN, state: 'none' }],
    '/parked/{eventId}/retry': [{ may: ADMIN, id: () => 'khong-co', body: () => ({ projection: 'figures' }), done: 404 }],
    '/parked/{eventId}/skip': [{ may: ADMIN, id: () => 'khong-co', body: () => ({ projection: 'figures', reason: 'thử' }), done: 404 }],
    '/briefings': [{ may: DECIDING, state: 'none', body: async (_, n) => ({ name: 'Giao ban', cutOff: now, unitId: await freshUnit(n) }) }],
    '/briefings/{id}/pages': [{ may: DECIDING, id: meeting, body: () => ({ pages: [{ key: 'overdue', minutes: 5 }] }) }],
    '/briefings/{id}/conclusions': [{ may: DECIDING, id: meeting, body: async () => ({ kind: 'transfer', taskId: await given(), toUnitId: 'so-noi-vu', text: 'Chuyển Sở Nội vụ' }) }],
    '/briefings/{id}/conclusions/preview': [{ may: DECIDING, id: meeting, body: () => ({ kind: 'decision', text: 'Rà soát' }) }],
    '/briefings/{id}/conclusions/{conclusion}/amend': [{ may: DECIDING, id: conclusion, body: () => ({ ...reason(), text: 'Rà soát kỹ' }) }],
    '/briefings/{id}/conclusions/{conclusion}/strike': [{ may: DECIDING, id: conclusion, body: reason }],
    '/briefings/{id}/show': [{ may: DECIDING, id: meeting, body: () => ({ page: 'overdue', live: false, blank: false }) }],
    '/briefings/{id}/close': [{ may: DECIDING, id: meeting }],
    '/screens': [{ may: EVERYONE, state: 'none' }],
    '/screens/pair': [{ may: DECIDING, state: 'none', body: async (_, n) => ({ code: await shownCode(), briefingId: await meeting(n), name: 'Phòng họp' }) }],
    '/screens/{id}/revoke': [{ may: ['office', 'leader', 'admin'], id: async (n) => (await server.done<Answer>('/screens/pair', { code: await shownCode(), briefingId: await meeting(n), name: 'Phòng họp' })).id }],
    // By its token alone, which nobody here has.
    '/screens/renew': [{ may: EVERYONE, state: 'none', done: 401 }],
    '/files': [{ may: ['office', 'lead', 'other', 'coordinating'], state: 'none' }],
    // A form, tried in people-files.e2e.spec.ts: as JSON it is refused before anybody is asked who they are.
    '/people/import/file': [{ may: EVERYONE, state: 'none', done: 415 }],
    '/people/import': [{ may: ADMIN, state: 'none', body: () => ({ csv: PEOPLE }) }],
    '/reminder-rules': [{ may: ['office', 'admin'], state: 'none', body: () => ({ ...reason(), ...DEFAULT_RULES }) }],
    '/reminder-rules/preview': [{ may: EVERYONE, state: 'none' }],
    // As somebody of the unit: the people of a unit are its own.
    '/inbox/snoozes': [{ may: ['lead'], body: async (taskId) => ({ taskId, personId: await somebody(), until: '2020-12-20' }) }],
    '/inbox/{id}/seen': [{ may: EVERYONE, id: () => 'khong-co', done: 404 }],
    '/inbox/{id}/answers': [{ may: ['office', 'leader', 'lead', 'other', 'coordinating'], id: () => 'khong-co', body: () => ({ taskId: 'x', answer: 'done' }), done: 404 }],
    '/calendar-feeds': [{ may: ['lead'], state: 'none', body: async () => ({ personId: await somebody() }) }],
    '/reminders/test': [{ may: ['lead'], state: 'none', body: async () => ({ personId: await somebody() }), done: 409 }],
    '/subscriptions': [{ may: ['office', 'leader', 'lead'], state: 'none', body: async () => ({ personId: await somebody(), ...weekly }) }],
    '/subscriptions/{id}/change': [{ may: ['office', 'leader', 'lead'], id: subscribed, body: () => ({ hour: '09:00' }) }],
    '/subscriptions/{id}/end': [{ may: ['office', 'leader', 'lead'], id: subscribed }],
    '/subscriptions/preview': [{ may: EVERYONE, state: 'none' }],
    '/reminders/{id}/resend': [{ may: ['office', 'admin'], id: () => 'khong-co', body: () => ({ channel: 'email' }), done: 404 }],
  };

  /** A new task in that state; '' for none. */
  async function taskIn(state: State): Promise<string> {
    if (state === 'none') return '';
    const id = await given({ coordinatingUnitIds: ['so-tai-chinh'], ...(state === 'free' ? { deadline: { none: true } } : {}) });
    if (state === 'submitted' || state === 'done') await server.done(`/tasks/${id}/completion-submissions`, submission());
    if (state === 'done') await server.done(`/tasks/${id}/completion-confirmations`);
    if (state === 'suspended') await server.done(`/tasks/${id}/suspend`, { reason: 'chờ' });
    if (state === 'asked') await server.done(`/tasks/${id}/extension-requests`, { reason: 'chờ', deadline: { date: '2020-12-21' } });
    if (state === 'returning') await server.done(`/tasks/${id}/return-proposals`, { reason: 'không đúng chức năng' });
    if (state === 'questioned') await server.done(`/tasks/${id}/explanation-requests`, { question: 'vì sao?' });
    return id;
  }

  return { commands, taskIn, meeting, draft };
}
