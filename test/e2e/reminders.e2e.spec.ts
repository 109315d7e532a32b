import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import ICAL from 'ical.js';
import { personIdOf } from '#people';
import { openSmtp } from '#reminders/smtp/smtp-channel';
import { assignment, submission, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';
import { SmtpSink } from '../support/smtp-sink.ts';

const PEOPLE = `Mã,Họ và tên,Đơn vị,Vai trò,Thư điện tử
CB1,Nguyễn Trả Lời,so-y-te,người trả lời nhắc việc,cb1@so-y-te.example
CB2,Trần Chuyên Viên,so-y-te,chuyên viên,cb2@so-y-te.example
CB3,Lê Thủ Trưởng,so-y-te,thủ trưởng đơn vị,cb3@so-y-te.example
VP1,Phạm Văn Phòng,so-noi-vu,văn phòng theo dõi,vp1@vp.example
`;
const [RESPONDER, SPECIALIST, HEAD, OFFICE] = ['CB1', 'CB2', 'CB3', 'VP1'].map(personIdOf) as [string, string, string, string];
const UNIT = 'unit:so-y-te';

let server: TestServer;
let sink: SmtpSink;
let due: string;
const morning = async (at: string): Promise<void> => {
  await server.advance(at);
  await server.runtime.reminders.tick();
  await server.caughtUp();
};
/** A mail as it is read. */
const wordsOf = (raw: string): string => raw.replace(/=\r\n/g, '').replace(/((?:=[0-9A-F]{2})+)/g, (hex) => Buffer.from(hex.replaceAll('=', ''), 'hex').toString());
interface Inbox { readonly unseen: number; readonly total: number; readonly items: readonly { readonly id: string; readonly kind: string; readonly seenAt: string | null; readonly tasks: readonly { readonly code: string; readonly why: string; readonly asksAnswer: boolean; readonly answer: unknown; readonly letter: string | null }[]; readonly missed: readonly { readonly code: string; readonly slot: string }[]; readonly deliveries: readonly { readonly channel: string; readonly state: string; readonly reason: string | null }[] }[]; readonly snoozes: readonly object[] }
const inboxOf = async (id: string, actor = UNIT): Promise<Inbox> => {
  const { status, body, text } = await server.get(`/inbox?personId=${id}`, actor);
  if (status !== 200) throw new Error(text);
  return body as Inbox;
};

beforeAll(async () => {
  sink = await SmtpSink.start();
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'), undefined, [openSmtp({ url: sink.url, from: 'Nhắc Việc <nhacviec@tinh.example>' })]);
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id), 'admin');
  due = (await server.done('/tasks', assignment({ content: 'Báo cáo phòng, chống dịch', deadline: { date: '2020-11-26' } }))).id;
});
afterAll(async () => {
  await server.stop();
  await sink.stop();
});

describe('reminders', () => {
  it('are sent to nobody while there is nobody', async () => {
    await morning('2020-11-17T07:00:00+07:00');
    expect([await server.ok('/reminders/health'), await server.events()]).toMatchObject([{ people: 0, lastRun: null, nextMorning: null, channels: [{ name: 'email', on: true }, { name: 'webhook', on: false }] }, 3]);
  });

  it('begin with the next morning once people are there, and a rehearsal of a list writes nobody', async () => {
    expect(await server.done('/people/import', { csv: PEOPLE, dryRun: true }, 'admin')).toMatchObject({ added: 4, refused: [] });
    expect(await server.ok('/people')).toMatchObject({ total: 0 });
    const half = `${PEOPLE}CB9,Ai đó,so-la,chuyên viên,\n`;
    expect(await server.done('/people/import', { csv: half }, 'admin')).toMatchObject({ added: 4, refused: [{ line: 6, code: 'unit-unknown' }] });
    await morning('2020-11-17T08:00:00+07:00');
    expect(await server.ok('/reminders/health')).toMatchObject({ lastRun: null, nextMorning: '2020-11-18T07:00:00.000+07:00' });
  });

  it('are foreseen: what would be sent in the next days, by the rules in force and by others', async () => {
    const { days } = (await server.post('/reminder-rules/preview', { days: 7 })).body;
    expect(days.map(({ day, slots }: { day: string; slots: number }) => [day, slots])).toEqual([['2020-11-18', 0], ['2020-11-19', 0], ['2020-11-20', 0], ['2020-11-23', 2], ['2020-11-24', 0], ['2020-11-25', 2], ['2020-11-26', 1]]);
    expect(days[3]).toMatchObject({ people: 2, rules: [{ id: 'viec-ngan', tasks: 1, people: 2 }], sample: [{ tasks: [{ why: 'còn 3 ngày làm việc' }] }, {}] });
    const other = await server.post('/reminder-rules/preview', { days: 1, rules: [{ id: 'moi-ngay', name: 'Mỗi ngày', kind: 'ladder', steps: [{ kind: 'before', days: 6 }], to: ['head'] }] });
    expect(other.body.days).toMatchObject([{ day: '2020-11-18', slots: 1, sample: [{ personName: 'Lê Thủ Trưởng' }] }]);
    expect(await server.ok('/reminder-rules')).toMatchObject({ version: 0 });
  });

  it('come as one mail and one message in the inbox a person, seen when somebody looks', async () => {
    await morning('2020-11-23T07:00:00+07:00');
    expect(sink.received.map(({ to }) => to[0]).sort()).toEqual(['cb1@so-y-te.example', 'cb2@so-y-te.example']);
    const inbox = await inboxOf(SPECIALIST);
    expect(inbox).toMatchObject({ unseen: 1, total: 1, items: [{ kind: 'digest', seenAt: null, tasks: [{ code: 'NV-2020-0001', why: 'còn 3 ngày làm việc' }], deliveries: [{ channel: 'email', state: 'sent' }] }] });
    await server.done(`/inbox/${inbox.items[0]!.id}/seen`, {}, UNIT);
    expect(await inboxOf(SPECIALIST)).toMatchObject({ unseen: 0, items: [{ seenAt: '2020-11-23T07:00:00.000+07:00' }] });
    expect((await server.get('/inbox/people', UNIT)).body.items.map(({ name, unseen }: { name: string; unseen: number }) => [name, unseen])).toEqual([['Nguyễn Trả Lời', 1], ['Trần Chuyên Viên', 0], ['Lê Thủ Trưởng', 0]]);
  });

  it('carry code, title and link out of the program, and nothing else', async () => {
    const decoded = wordsOf(sink.received[0]!.raw);
    expect(decoded).toContain(`NV-2020-0001: Báo cáo phòng, chống dịch`);
    expect(decoded).toContain(`${server.url}/viec/${due}`);
    expect(decoded).not.toContain('10/UBND-NC');
  });

  it('are put off for oneself only, and the office sees it', async () => {
    await server.done('/inbox/snoozes', { personId: SPECIALIST, taskId: due, until: '2020-11-26' }, UNIT);
    await morning('2020-11-25T07:00:00+07:00');
    expect([(await inboxOf(SPECIALIST)).total, (await inboxOf(RESPONDER)).total]).toEqual([1, 2]);
    expect(await server.ok(`/reminder-ledger?taskId=${due}`)).toMatchObject({ total: 4, snoozes: [{ personName: 'Trần Chuyên Viên', until: '2020-11-26' }], items: [{ suppressed: null, message: { personName: 'Nguyễn Trả Lời' } }, { suppressed: 'snoozed', message: { personName: 'Trần Chuyên Viên', deliveries: [] } }, {}, {}] });
  });

  it('ask for an answer on the due day: why not, and until when', async () => {
    await morning('2020-11-26T07:00:00+07:00');
    const { items: [asked] } = await inboxOf(RESPONDER);
    expect(asked).toMatchObject({ kind: 'urgent', tasks: [{ asksAnswer: true, answer: null, why: 'đến hạn hôm nay' }] });
    const path = `/inbox/${asked!.id}/answers`;
    expect((await server.post(path, { taskId: due, answer: 'not-done' }, { 'X-Actor': UNIT })).body).toMatchObject({ status: 422, code: 'reason-missing' });
    expect((await server.post(path, { taskId: due, answer: 'not-done', reason: 'chờ (Mật)' }, { 'X-Actor': UNIT })).body).toMatchObject({ status: 422, code: 'secrecy-mark' });
    expect((await server.post(path, { taskId: due, answer: 'not-done', reason: 'chờ', proposedOn: '2020-11-25' }, { 'X-Actor': UNIT })).body).toMatchObject({ status: 422, code: 'proposed-day-invalid' });
    expect((await server.post(path, { taskId: 'khac', answer: 'done' }, { 'X-Actor': UNIT })).body).toMatchObject({ status: 409, code: 'answer-not-asked' });
    expect((await server.post(path, { taskId: due, answer: 'done' }, { 'X-Actor': 'unit:so-noi-vu' })).status).toBe(403);
    await server.done(path, { taskId: due, answer: 'not-done', reason: 'chờ số liệu', proposedOn: '2020-12-01' }, UNIT);
    expect((await inboxOf(RESPONDER)).items[0]!.tasks[0]!.answer).toMatchObject({ answer: 'not-done', reason: 'chờ số liệu', proposedOn: '2020-12-01' });
  });

  it('missed while the program was off are told with the next, once, and say so', async () => {
    const before = sink.received.length;
    // Friday and Monday go by; on Tuesday the program is there again.
    await morning('2020-12-01T09:00:00+07:00');
    const { items: [digest] } = await inboxOf(SPECIALIST);
    expect(digest).toMatchObject({ late: true, tasks: [{ why: 'quá hạn 3 ngày làm việc' }], missed: [{ why: '10 ngày làm việc không cập nhật', slot: '2020-11-30' }] });
    const { items: [escalated] } = await inboxOf(HEAD);
    expect(escalated).toMatchObject({ kind: 'escalation', tasks: [{ why: 'báo cấp 1: quá hạn 3 ngày làm việc' }] });
    expect(sink.received.length - before).toBe(3);
    // The draft letter is put together where the link leads: an escalation carries the link, and nothing of the letter.
    const letter = '/bao-cao/van-ban?donVi=so-y-te&ngay=2020-12-01';
    expect([escalated!.tasks[0]!.letter, digest!.tasks[0]!.letter]).toEqual([letter, null]);
    const mails = sink.received.slice(before).map(({ to, raw }) => [to[0]!, wordsOf(raw)] as const);
    expect(mails.filter(([, words]) => words.includes(`${server.url}${letter}`)).map(([to]) => to)).toEqual(['cb3@so-y-te.example']);
    expect(mails.filter(([, words]) => /Content-Disposition: attachment|multipart\/mixed/i.test(words))).toEqual([]);
    expect((await fetch(`${server.url}/api/v1/outputs/overdue-letter?unitId=so-y-te&asOf=2020-12-01`)).status).toBe(200);
    const { items } = await server.ok<{ items: readonly { suppressed: string | null; why: string; message: { slot: string } }[] }>(`/reminder-ledger?taskId=${due}&from=2020-11-27&to=2020-11-30`);
    expect(items.map(({ suppressed, why, message: { slot } }) => [slot, suppressed, why])).toEqual([...[1, 2].map(() => ['2020-11-30', 'merged', '10 ngày làm việc không cập nhật']), ...[1, 2].map(() => ['2020-11-27', 'merged', 'quá hạn 1 ngày làm việc'])]);
    expect(await server.ok('/reminders/health')).toMatchObject({ lastRun: { slot: '2020-12-01', missed: 2 } });
  });

  it('that a server refuses for good are a dead letter, sent again when the office asks', async () => {
    sink.recipient = (to) => (to === 'cb1@so-y-te.example' ? 550 : undefined);
    await morning('2020-12-03T07:00:00+07:00');
    const health = await server.ok<{ dead: number; items: readonly { id: string; personName: string; deliveries: readonly object[] }[] }>('/reminders/health');
    expect(health).toMatchObject({ dead: 1, items: [{ personName: 'Nguyễn Trả Lời', deliveries: [{ state: 'dead', code: 'smtp-550', attempts: 1 }] }] });
    expect(JSON.stringify(health)).not.toContain('cb1@');
    sink.recipient = () => undefined;
    await server.done(`/reminders/${health.items[0]!.id}/resend`, { channel: 'email' });
    expect((await server.post(`/reminders/${health.items[0]!.id}/resend`, { channel: 'email' })).body).toMatchObject({ status: 409, code: 'not-resendable' });
    await server.runtime.reminders.tick();
    await server.caughtUp();
    expect(await server.ok('/reminders/health')).toMatchObject({ dead: 0, total: 0 });
    expect(sink.received.filter(({ messageId }) => messageId === `<${health.items[0]!.id}@tinh.example>`)).toHaveLength(1);
  });

  it('do not go to somebody who left or was erased, and the record stays without the name', async () => {
    await server.done('/people/import', { csv: PEOPLE.replace(/CB2.*\n/, ''), sync: true }, 'admin');
    expect((await server.send(`/people/${RESPONDER}`, { method: 'DELETE', headers: { 'X-Actor': 'admin' } })).body).toEqual({ id: RESPONDER, erased: true });
    const before = sink.received.length;
    await morning('2020-12-07T07:00:00+07:00');
    // Nobody of the asked roles is left in the unit: its head hears instead of nobody; and a week late, so does the tracking office.
    expect(sink.received.slice(before).map(({ to }) => to[0]).sort()).toEqual(['cb3@so-y-te.example', 'vp1@vp.example']);
    const { items } = await server.ok<{ items: readonly { message: { personName: string } }[] }>(`/reminder-ledger?personId=${RESPONDER}`);
    expect(new Set(items.map(({ message }) => message.personName))).toEqual(new Set(['đã xóa theo yêu cầu']));
    const everything = JSON.stringify(await server.runtime.log.readAll({ after: 0n, categories: ['reminder', 'reminderrun', 'reminderrules'], limit: 10_000 }), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    for (const word of ['Nguyễn', 'Trả Lời', 'Trần', '@so-y-te.example', 'CB1']) expect([word, everything.includes(word)]).toEqual([word, false]);
  });

  it('are taken along whole, or not at all where they are more than one file holds', async () => {
    const { ledger } = server.runtime;
    const [entry] = (await ledger.entries({}, { offset: 0, limit: 1 })).entries;
    const asCsv = () => server.send('/reminder-ledger', { headers: { Accept: 'text/csv', 'X-Actor': 'auditor' } });
    let total = 60_000;
    const entries = jest.spyOn(ledger, 'entries').mockImplementation((_, { offset, limit }) => Promise.resolve({ total, entries: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, () => entry!) }));
    try {
      expect((await asCsv()).text.trim().split('\r\n').length).toBe(1 + total);
      total = 200_001;
      const refused = await asCsv();
      expect([refused.headers.get('content-type'), refused.body]).toMatchObject([expect.stringContaining('application/problem+json'), { status: 413, code: 'too-many-rows', detail: 'Danh sách có 200001 dòng; mỗi tệp tối đa 200000 dòng. Thu hẹp bộ lọc rồi xuất lại.' }]);
      expect((await server.get('/reminder-ledger/export?format=csv')).body).toEqual(refused.body);
    } finally {
      entries.mockRestore();
    }
  });

  it('stand in a ledger that can be taken along, and in numbers', async () => {
    const { text, headers } = await server.send(`/reminder-ledger?taskId=${due}`, { headers: { Accept: 'text/csv', 'X-Actor': 'auditor' } });
    expect(headers.get('content-type')).toContain('text/csv');
    const lines = text.trim().split('\r\n');
    expect(lines[0]).toContain('"Ngày nhắc"');
    expect(lines).toHaveLength(1 + (await server.ok<{ total: number }>(`/reminder-ledger?taskId=${due}`)).total);
    const numbers = await server.ok<Record<string, number>>('/reminder-ledger/numbers?from=2020-11-16&to=2020-12-07');
    expect(numbers).toMatchObject({ asked: 1, answered: 1, seen: 1, snoozed: 1 });
    expect(numbers['inTime']! + numbers['later']! + numbers['snoozed']! + numbers['closedMeanwhile']!).toBe(numbers['slots']);
    const side = async (by: string): Promise<{ groups: Record<string, number | string>[]; total: number; nextCursor: string | null }> => server.ok(`/reminder-ledger/numbers?from=2020-11-16&to=2020-12-07&${by}`);
    const persons = await side('groupBy=person');
    expect(persons.groups).toEqual(expect.arrayContaining([
      expect.objectContaining({ key: RESPONDER, name: 'đã xóa theo yêu cầu', unitName: null, asked: 1, answered: 1, seen: 0 }), expect.objectContaining({ key: SPECIALIST, name: 'Trần Chuyên Viên', unitName: 'Đơn vị so-y-te', asked: 0, seen: 1, snoozed: 1 }),
    ]));
    for (const part of ['slots', 'inTime', 'later', 'telling', 'seen', 'asked', 'answered']) expect([part, persons.groups.reduce((sum, one) => sum + Number(one[part]), 0)]).toEqual([part, numbers[part]]);
    const unseen = persons.groups.map(({ telling, seen }) => Number(telling) - Number(seen));
    expect(unseen).toEqual([...unseen].sort((a, b) => b - a));
    const first = await side('groupBy=person&limit=1');
    expect([first.groups, first.total, (await side(`groupBy=person&limit=1&cursor=${first.nextCursor!}`)).groups]).toEqual([[persons.groups[0]], persons.groups.length, [persons.groups[1]]]);
    expect(await side('groupBy=unit')).toMatchObject({ total: 2, groups: [{ key: 'so-y-te', name: 'Đơn vị so-y-te', asked: 1, answered: 1, slots: numbers['slots']! - 1 }, { key: 'so-noi-vu', slots: 1 }] });
    expect((await server.get('/reminder-ledger/numbers?groupBy=vai')).status).toBe(400);
    expect((await server.get('/reminder-ledger/numbers?from=2019-01-01&to=2020-12-07')).status).toBe(422);
  });

  it('follow rules that are data: changed with a reason, refused with the place, kept by version', async () => {
    const rules = [{ id: 'moi-sang', name: 'Mỗi sáng quá hạn', kind: 'ladder', steps: [{ kind: 'overdue', first: 1, every: 1 }], to: ['head'] }];
    expect((await server.post('/reminder-rules', { morning: '07:30', rules })).body).toMatchObject({ status: 422, code: 'reason-missing' });
    expect((await server.post('/reminder-rules', { morning: '7h', rules, reason: 'thử' })).body).toMatchObject({ status: 422, code: 'rules-invalid', errors: [{ pointer: '/morning', given: '7h' }] });
    await server.done('/reminder-rules', { morning: '07:30', rules, reason: 'gọn lại' });
    expect(await server.ok('/reminder-rules')).toMatchObject({ version: 1, morning: '07:30', versions: [{ version: 1, reason: 'gọn lại' }, { version: 0 }] });
    await morning('2020-12-08T07:00:00+07:00');
    expect((await inboxOf(HEAD)).items[0]).toMatchObject({ slot: '2020-12-07' });
    await morning('2020-12-08T07:30:00+07:00');
    expect((await inboxOf(HEAD)).items[0]).toMatchObject({ slot: '2020-12-08', rulesVersion: 1 });
  });

  it('are tried on oneself only', async () => {
    const before = sink.received.length;
    await server.done('/reminders/test', { personId: HEAD }, UNIT);
    await server.runtime.reminders.tick();
    expect(sink.received.slice(before)).toMatchObject([{ to: ['cb3@so-y-te.example'] }]);
    expect((await server.post('/reminders/test', { personId: OFFICE }, { 'X-Actor': UNIT })).status).toBe(403);
    expect((await server.post('/reminders/test', { personId: HEAD, channel: 'webhook' }, { 'X-Actor': UNIT })).body).toMatchObject({ status: 409, code: 'channel-off' });
  });

  it('are somebody’s own: another unit, another role and an auditor do not read an inbox', async () => {
    expect((await inboxOf(OFFICE, 'office')).total).toBeGreaterThan(0);
    for (const [id, actor] of [[HEAD, 'unit:so-noi-vu'], [HEAD, 'office'], [OFFICE, 'leader'], [HEAD, 'auditor']] as const) expect([actor, (await server.get(`/inbox?personId=${id}`, actor)).status]).toEqual([actor, 403]);
    expect((await server.get('/inbox?personId=khong-co', UNIT)).status).toBe(404);
  });
});

describe('a calendar of one’s own', () => {
  it('is read by its secret address until that is taken back, and follows what is open', async () => {
    const { url, webcal } = await server.done<{ url: string; webcal: string }>('/calendar-feeds', { personId: HEAD }, UNIT);
    expect(webcal).toBe(url.replace('http:', 'webcal:'));
    const events = async () => new ICAL.Component(ICAL.parse(await (await fetch(url)).text())).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
    const [first] = await events();
    expect([first!.uid, first!.startDate.toString(), first!.summary]).toEqual([`${due}@nhacviec`, '2020-11-26', 'Quá hạn: NV-2020-0001 Báo cáo phòng, chống dịch']);
    await server.done(`/tasks/${due}/extension-grants`, { deadline: { date: '2020-12-18' } }, 'leader');
    const [moved] = await events();
    expect([moved!.uid, moved!.startDate.toString(), moved!.sequence > first!.sequence]).toEqual([first!.uid, '2020-12-18', true]);
    await server.done(`/tasks/${due}/completion-submissions`, submission({ resultDocument: { number: '1/BC', date: '2020-12-08' } }), UNIT);
    expect(await events()).toEqual([]);
    // The token stands nowhere in what is kept.
    const store = JSON.stringify(await (await server.runtime.people()).feedsOf(HEAD));
    expect(store).not.toContain(url.split('/').at(-1)!.replace('.ics', ''));
    expect((await server.send(`/calendar-feeds?personId=${HEAD}`, { method: 'DELETE', headers: { 'X-Actor': UNIT } })).body).toMatchObject({ revoked: 1 });
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${server.url}/api/v1/calendar-feeds/x.ics`)).status).toBe(404);
  });
});

describe('a morning that a slow mail server draws out', () => {
  /** A morning of two mails, with what happens while the first is on its way; answers how the two ended. */
  async function drawnOut(slowMs: number, meanwhile: (own: TestServer, taskId: string) => Promise<unknown>, afterwards?: (own: TestServer) => Promise<unknown>, send = (own: TestServer): Promise<unknown> => own.runtime.reminders.tick()): Promise<{ readonly received: number; readonly ended: readonly unknown[] }> {
    const slow = await SmtpSink.start();
    const own = await TestServer.start(instant('2020-11-16T09:00:00+07:00'), undefined, [openSmtp({ url: slow.url, from: 'Nhắc Việc <nhacviec@tinh.example>' })]);
    try {
      for (const id of ['so-y-te', 'so-noi-vu']) await own.done('/units', unit(id), 'admin');
      const { id } = await own.done('/tasks', assignment({ deadline: { date: '2020-11-26' } }));
      await own.done('/people/import', { csv: PEOPLE }, 'admin');
      await own.advance('2020-11-17T07:00:00+07:00');
      await own.runtime.reminders.tick();
      await own.advance('2020-11-23T07:00:00+07:00');
      slow.slowMs = slowMs;
      let done: Promise<unknown> | undefined;
      slow.answer = () => {
        done ??= meanwhile(own, id);
        return 'take';
      };
      await send(own);
      await done;
      await afterwards?.(own);
      await own.caughtUp();
      const told = await Promise.all([RESPONDER, SPECIALIST].map(async (person) => ((await own.get(`/inbox?personId=${person}`, UNIT)).body as Inbox).items[0]!.deliveries[0]!));
      return { received: slow.received.length, ended: told.map(({ state, reason }) => reason ?? state).sort() };
    } finally {
      await own.stop();
      await slow.stop();
    }
  }

  it('tells nobody of a task that was reported done meanwhile', async () => {
    const { received, ended } = await drawnOut(1_500, (own, id) => own.done(`/tasks/${id}/completion-submissions`, submission(), UNIT).then(() => own.caughtUp()));
    expect([received, ended]).toEqual([1, ['nothing-left', 'sent']]);
  });

  it('is no morning for somebody who left meanwhile, though their mail was written by then', async () => {
    // Whoever was first keeps the mail; the other one of the two, who waits, is taken off the list.
    const { received, ended } = await drawnOut(300, (own) => own.done('/people/import', { csv: PEOPLE.replace(/CB[12].*\n/g, ''), sync: true }, 'admin'));
    expect([received, ended]).toEqual([1, ['recipient-removed', 'sent']]);
  });

  it('holds up no other morning that comes while its mails are on their way', async () => {
    const { received } = await drawnOut(300, (own) => own.advance('2020-11-25T07:00:00+07:00'), undefined, async (own) => {
      own.runtime.reminders.wake();
      // Both mails of the first morning and both of the second, by nothing but the process itself.
      for (const limit = Date.now() + 10_000; (await own.ok<{ readonly lastRun: { readonly slot: string } }>('/reminders/health')).lastRun.slot !== '2020-11-25'; ) {
        if (Date.now() > limit) throw new Error('the second morning was not decided');
        await sleep(50);
      }
    });
    expect(received).toBeGreaterThanOrEqual(2);
  });

  it('is sent as it was decided when the rules change meanwhile, and not decided once more by the new ones', async () => {
    const rules = [{ id: 'khac', name: 'Ba ngày trước hạn', kind: 'ladder', steps: [{ kind: 'before', days: 3 }], to: ['responder', 'specialist'] }];
    const { received, ended } = await drawnOut(
      300,
      (own) => own.done('/reminder-rules', { morning: '08:30', rules, reason: 'đổi giờ nhắc' }, 'office'),
      async (own) => {
        await own.advance('2020-11-23T08:30:00+07:00');
        await own.runtime.reminders.tick();
        expect((await own.get(`/inbox?personId=${RESPONDER}`, UNIT)).body).toMatchObject({ total: 1, items: [{ slot: '2020-11-23', rulesVersion: 0 }] });
        expect(await own.ok('/reminder-rules')).toMatchObject({ version: 1, morning: '08:30' });
      },
    );
    expect([received, ended]).toEqual([2, ['sent', 'sent']]);
  });
});
