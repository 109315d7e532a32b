import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { personIdOf } from '#people';
import { subscriptionStream } from '#reminders';
import { openSmtp } from '#reminders/smtp/smtp-channel';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';
import { SmtpSink, type Received } from '../support/smtp-sink.ts';

const PEOPLE = `Mã,Họ và tên,Đơn vị,Vai trò,Thư điện tử,Giờ yên lặng
LD1,Nguyễn Lãnh Đạo,so-noi-vu,lãnh đạo,ld1@tinh.example,
TT1,Lê Thủ Trưởng,so-y-te,thủ trưởng đơn vị,tt1@so-y-te.example,06:00-06:45
KO1,Đỗ Không Thư,so-y-te,văn thư,,
`;
const [LEADER, HEAD, NO_MAIL] = ['LD1', 'TT1', 'KO1'].map(personIdOf) as [string, string, string];
const WORKDAYS = [1, 2, 3, 4, 5];
const terms = { name: 'Bảng điều hành toàn tỉnh', query: '', hour: '07:30', weekdays: WORKDAYS };

let server: TestServer;
let sink: SmtpSink;
let whole: string;
const mailer = (): ReturnType<typeof openSmtp> => openSmtp({ url: sink.url, from: 'Nhắc Việc <nhacviec@tinh.example>' });
/** The clock goes on, and what is due by then is decided and sent. */
const at = async (time: string): Promise<readonly Received[]> => {
  const before = sink.received.length;
  await server.advance(time);
  await server.runtime.reminders.tick();
  await server.caughtUp();
  // Reminders of tasks go to the same people: this is about dashboards.
  return sink.received.slice(before).filter(({ raw }) => wordsOf(raw).includes('Bảng điều hành đúng thời điểm này'));
};
const wordsOf = (raw: string): string => raw.replace(/=\r\n/g, '').replace(/((?:=[0-9A-F]{2})+)/g, (hex) => Buffer.from(hex.replaceAll('=', ''), 'hex').toString()).replaceAll('\r\n', '\n');
/** The plain text of a mail, whose parts are decoded. */
const textOf = ({ raw }: Received): string => wordsOf(raw).split('Content-Type: text/html')[0]!;
const begin = async (change: object = {}, actor = 'office'): Promise<string> => (await server.done<{ id: string }>('/subscriptions', { personId: LEADER, ...terms, ...change }, actor)).id;
const sentOf = async (id: string): Promise<readonly any[]> => (await server.ok(`/subscriptions/${id}`)).messages;
const count = (text: string, label: string): number => Number(new RegExp(`${label}: ([\\d.]+)`).exec(text)![1]!.replaceAll('.', ''));

beforeAll(async () => {
  sink = await SmtpSink.start();
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'), undefined, [mailer()]);
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id), 'admin');
  for (const dueOn of ['2020-11-20', '2020-11-24', '2020-12-02', '2020-12-31']) await server.done('/tasks', assignment({ content: `Báo cáo hạn ${dueOn}`, deadline: { date: dueOn } }));
  await server.done('/people/import', { csv: PEOPLE }, 'admin');
});
afterAll(async () => {
  await server.stop();
  await sink.stop();
});

describe('the dashboard sent at a stated hour', () => {
  it('is shown before it is asked for: the mail as it would be now, nothing recorded', async () => {
    const before = await server.events();
    const { body } = await server.post('/subscriptions/preview', { name: 'Sở Y tế', query: 'donVi=so-y-te&ngay=2020-01-01' });
    expect(body).toMatchObject({ query: 'donVi=so-y-te', empty: false, subject: 'Sở Y tế 16/11/2020: không có việc quá hạn' });
    expect(body.text).toContain('Đang thực hiện trong hạn: 4');
    expect([await server.events(), sink.received.length]).toEqual([before, 0]);
  });

  it('is set by the office, by the leadership, and by a unit for its own people', async () => {
    whole = await begin();
    const own = await begin({ personId: HEAD, name: 'Của sở', query: 'donVi=so-y-te', hour: '06:30' }, 'unit:so-y-te');
    expect((await server.post('/subscriptions', { personId: LEADER, ...terms }, { 'X-Actor': 'unit:so-y-te' })).body).toMatchObject({ status: 403, code: 'not-permitted' });
    for (const actor of ['auditor', 'admin']) {
      expect((await server.post('/subscriptions', { personId: LEADER, ...terms }, { 'X-Actor': actor })).status).toBe(403);
      expect((await server.post(`/subscriptions/${whole}/end`, {}, { 'X-Actor': actor })).status).toBe(403);
    }
    expect((await server.post(`/subscriptions/${whole}/end`, {}, { 'X-Actor': 'unit:so-y-te' })).status).toBe(403);
    expect((await server.get('/subscriptions', 'unit:so-y-te')).body.items.map(({ id }: { id: string }) => id)).toEqual([own]);
    expect(await server.ok('/subscriptions')).toMatchObject({ total: 2, items: [{ name: 'Của sở', scopeWords: 'Đơn vị so-y-te', personName: 'Lê Thủ Trưởng', nextAt: '2020-11-17T06:30:00.000+07:00' }, { id: whole, nextAt: '2020-11-17T07:30:00.000+07:00', last: null }] });
    expect(JSON.stringify(await server.ok('/subscriptions'))).not.toContain('@');
  });

  it('with the same key is set once', async () => {
    const key = { 'Idempotency-Key': '0a6f3b1e-6d1c-4f0e-9c55-1f2d3c4b5a60' };
    const body = { personId: NO_MAIL, ...terms, name: 'Không có thư', query: 'donVi=so-noi-vu' };
    const first = await server.post('/subscriptions', body, key);
    expect(first.body.warnings).toMatchObject([{ code: 'no-address' }]);
    expect((await server.post('/subscriptions', body, key)).body).toEqual(first.body);
    expect((await server.post('/subscriptions', { ...body, hour: '09:00' }, key)).body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    await server.done(`/subscriptions/${first.body.id}/end`);
    await server.caughtUp();
  });

  it.each([
    [{ personId: 'khong-co' }, 422, 'person-unknown', '/personId'],
    [{ name: '  ' }, 422, 'subscription-name-empty', '/name'],
    [{ name: 'Việc (Mật)' }, 422, 'secrecy-mark', '/name'],
    [{ query: 'donVi=khong-co' }, 422, 'subscription-query-invalid', '/query'],
    [{ query: 'toChuc=mai-sau' }, 422, 'subscription-query-invalid', '/query'],
    [{ query: 'unitId=so-y-te' }, 422, 'subscription-query-invalid', '/query'],
    [{ hour: '25:00' }, 422, 'subscription-hour-invalid', '/hour'],
    [{ weekdays: [] }, 422, 'subscription-weekdays-invalid', '/weekdays'],
    [{ weekdays: [1, 8] }, 422, 'subscription-weekdays-invalid', '/weekdays'],
    [{ weekdays: 'mỗi ngày' }, 400, 'body-invalid', '/weekdays'],
    [{ lạ: 1 }, 400, 'body-invalid', '/lạ'],
  ])('is refused with its place: %j', async (change, status, code, pointer) => {
    const { body } = await server.post('/subscriptions', { personId: LEADER, ...terms, ...change });
    expect([body.status, body.errors?.[0]?.pointer]).toEqual([status, pointer]);
    if (status === 422) expect(body.code).toBe(code);
  });

  it.each([
    ['donVi=khong-co', 'Tham số donVi=“khong-co”: cần mã một đơn vị có trong danh mục.', 'khong-co'],
    ['chiXem=overdue,sap-toi', expect.stringMatching(/^Tham số chiXem=“sap-toi”: cần .*overdue/), 'sap-toi'],
    ['khoi=so,khong-co', expect.stringMatching(/^Tham số khoi=“khong-co”: cần loại của đơn vị .*so/), 'khong-co'],
    ['tatQuyTac=quy-tac-cu', expect.stringMatching(/^Tham số tatQuyTac=“quy-tac-cu”: cần .*oldest-overdue/), 'quy-tac-cu'],
    ['only=overdue', 'Tham số “only” là của API; địa chỉ của trang viết là chiXem.', 'only'],
  ])('is refused with the field, the value and what is expected, when it is set, changed or looked at before: %s', async (query, detail, given) => {
    const kept = await begin({ name: 'Sẽ đổi', personId: NO_MAIL });
    for (const [path, body] of [['', { personId: LEADER, ...terms, query }], [`/${kept}/change`, { query }], ['/preview', { query }]] as const)
      expect([path, (await server.post(`/subscriptions${path}`, body)).body]).toMatchObject([path, { status: 422, code: 'subscription-query-invalid', detail, errors: [{ pointer: '/query', detail, given }] }]);
    await server.done(`/subscriptions/${kept}/end`);
  });

  it('comes at its hour with the numbers of the dashboard at that instant, and a link to that very dashboard', async () => {
    await server.advance('2020-11-25T07:29:00+07:00');
    await at('2020-11-25T07:29:30+07:00');
    const mails = await at('2020-11-25T07:30:00+07:00');
    expect(mails.map(({ to }) => to[0])).toEqual(['ld1@tinh.example']);
    const text = textOf(mails[0]!);
    const link = new URL(/Bảng điều hành đúng thời điểm này: (\S+)/.exec(text)![1]!);
    expect(Object.fromEntries(link.searchParams)).toEqual({ ngay: '2020-11-25T07:30:00.000+07:00', bietDen: expect.stringMatching(/^event:[0-9a-f-]{36}$/) });
    const point = `asOf=${encodeURIComponent(link.searchParams.get('ngay')!)}&knownAt=${link.searchParams.get('bietDen')!}`;
    // Something happens after it: the link still shows what the mail says.
    await server.done('/tasks', assignment({ content: 'Việc giao sau', assignedOn: '2020-11-25', deadline: { date: '2020-12-01' } }));
    const answer = await server.ok(`/dashboard?${point}`);
    expect(text).toContain(answer.sentence.map((piece: { text: string }) => piece.text).join(''));
    expect(answer.all.cells).toMatchObject({ O1: 2, O2: 2 });
    expect([count(text, '- Hoàn thành đúng hạn'), count(text, '- Đang thực hiện trong hạn'), count(text, '- Quá hạn chưa hoàn thành'), Number(/Tổng số (\d+)/.exec(text)![1])]).toEqual([answer.all.cells.D1, answer.all.cells.O1, answer.all.cells.O2, answer.all.total]);
    const { overdue, dueSoon, extended, waiting } = answer.tiles;
    expect([count(text, '\nQuá hạn chưa hoàn thành'), count(text, '\nSắp đến hạn'), count(text, '\nĐã gia hạn'), count(text, '\nChờ xử lý của lãnh đạo')]).toEqual([overdue.count, dueSoon.in3, extended.tasks, waiting.total]);
    const { items } = await server.ok(`/dashboard/exceptions?${point}&limit=10`);
    expect(items.length).toBeGreaterThan(0);
    expect([...text.matchAll(/^- (NV-\d{4}-\d{4}): (.*)\n {2}(.*)\n {2}(\S+)$/gm)].map(([, code, title, , url]) => [code, title, url])).toEqual(items.map(({ code, content, id }: { code: string; content: string; id: string }) => [code, content, `${server.url}/viec/${id}`]));
    for (const { why } of items) for (const { words } of why) expect(text).toContain(words);
    // Nothing of a document leaves the program.
    expect(text).not.toContain('10/UBND-NC');
  });

  it('is one record a subscription and day, found in the list, the inbox and the state of sending', async () => {
    expect(await sentOf(whole)).toMatchObject([{ kind: 'dashboard', slot: '2020-11-25', late: false, silent: null, personName: 'Nguyễn Lãnh Đạo', deliveries: [{ channel: 'email', state: 'sent' }] }, ...[24, 23, 20, 19, 18, 17].map((day) => ({ slot: `2020-11-${String(day)}`, silent: 'missed', deliveries: [{ state: 'suppressed', reason: 'missed' }] }))]);
    const inbox = (await server.get(`/inbox?personId=${LEADER}`, 'leader')).body;
    expect(inbox).toMatchObject({ total: 1, unseen: 1, items: [{ kind: 'dashboard', kindName: 'Bảng điều hành định kỳ', dashboard: { name: terms.name, path: expect.stringMatching(/^\/\?ngay=2020-11-25T07%3A30/) } }] });
    await server.done(`/inbox/${inbox.items[0].id}/seen`, {}, 'leader');
    expect(await server.ok('/reminders/health')).toMatchObject({ nextDashboard: '2020-11-26T06:30:00.000+07:00' });
    // It is no reminder of a task: what is counted of those stays.
    expect((await server.ok('/reminder-ledger/numbers?groupBy=person&from=2020-11-25&to=2020-11-25')).groups.filter(({ key }: { key: string }) => key === LEADER)).toEqual([]);
  });

  it('waits for the end of quiet hours, with the numbers of its hour', async () => {
    expect(await at('2020-11-26T06:30:00+07:00')).toEqual([]);
    const mails = await at('2020-11-26T06:45:00+07:00');
    expect(mails.map(({ to }) => to[0])).toEqual(['tt1@so-y-te.example']);
    expect(textOf(mails[0]!)).toContain('Tại thời điểm 06:30 T5 26/11/2020');
    await at('2020-11-26T07:30:00+07:00');
  });

  it('is not sent twice on a day on which it is changed, and then at its new hour', async () => {
    await server.done(`/subscriptions/${whole}/change`, { hour: '08:00' }, 'leader');
    expect((await server.post(`/subscriptions/${whole}/change`, { hour: '08:00' })).body).toMatchObject({ status: 409, code: 'subscription-unchanged' });
    expect(await at('2020-11-26T08:00:00+07:00')).toEqual([]);
    await at('2020-11-27T07:31:00+07:00');
    expect((await at('2020-11-27T08:00:00+07:00')).map(({ to }) => to[0])).toEqual(['ld1@tinh.example']);
  });

  it('after a downtime is sent once, late, and days that went by are recorded as not sent', async () => {
    const before = sink.received.length;
    await server.restart(() => {
      server.clock.set(instant('2020-12-02T10:00:00+07:00'));
      server.channels = [mailer()];
    });
    await server.runtime.reminders.tick();
    await server.caughtUp();
    const mails = sink.received.slice(before).filter(({ to, raw }) => to[0] === 'ld1@tinh.example' && wordsOf(raw).includes('Bảng điều hành đúng'));
    expect(mails).toHaveLength(1);
    expect(textOf(mails[0]!)).toMatch(/Tại thời điểm 08:00 T4 02\/12\/2020.*gửi muộn/);
    expect((await sentOf(whole)).slice(0, 4).map(({ slot, late, silent, deliveries }) => [slot, late, silent, deliveries[0].state])).toEqual([['2020-12-02', true, null, 'sent'], ['2020-12-01', true, 'missed', 'suppressed'], ['2020-11-30', true, 'missed', 'suppressed'], ['2020-11-27', false, null, 'sent']]);
  });

  it('is not sent where nothing is overdue, due soon or waiting, and says why', async () => {
    const empty = await begin({ name: 'Sở Nội vụ', query: 'donVi=so-noi-vu', hour: '11:00' });
    expect(await at('2020-12-02T11:00:00+07:00')).toEqual([]);
    expect(await sentOf(empty)).toMatchObject([{ slot: '2020-12-02', silent: 'empty', silentName: 'không có gì quá hạn, sắp đến hạn hay chờ xử lý', deliveries: [{ state: 'suppressed', reason: 'empty' }] }]);
    expect((await server.get(`/inbox?personId=${LEADER}`, 'leader')).body.total).toBe(4);
  });

  it('that a server refuses is a dead letter; asked for again it says what it said', async () => {
    sink.recipient = (to) => (to === 'ld1@tinh.example' ? 550 : undefined);
    await at('2020-12-03T08:00:00+07:00');
    sink.recipient = () => undefined;
    const dead = (await server.ok('/reminders/health')).items.find(({ kind }: { kind: string }) => kind === 'dashboard');
    expect(dead).toMatchObject({ slot: '2020-12-03', deliveries: [{ state: 'dead', code: 'smtp-550' }] });
    await server.done('/tasks', assignment({ content: 'Việc giao sau nữa', assignedOn: '2020-12-03', deadline: { date: '2020-12-04' } }));
    await server.done(`/reminders/${dead.id}/resend`, { channel: 'email' });
    const mails = (await at('2020-12-03T09:00:00+07:00')).filter(({ to }) => to[0] === 'ld1@tinh.example');
    expect(mails.map(({ messageId }) => messageId)).toEqual([`<${dead.id}@tinh.example>`]);
    expect(textOf(mails[0]!)).toContain('Tại thời điểm 08:00 T5 03/12/2020');
    expect(textOf(mails[0]!)).not.toContain('Việc giao sau nữa');
  });

  it('ends: what waits is not sent any more, and what was sent stays', async () => {
    sink.answer = () => 451;
    await at('2020-12-04T08:00:00+07:00');
    await server.done(`/subscriptions/${whole}/end`, {}, 'leader');
    sink.answer = () => 'take';
    expect((await at('2020-12-04T08:10:00+07:00')).filter(({ to }) => to[0] === 'ld1@tinh.example')).toEqual([]);
    expect((await sentOf(whole))[0]).toMatchObject({ slot: '2020-12-04', deliveries: [{ state: 'suppressed', reason: 'ended' }] });
    expect(await server.ok(`/subscriptions/${whole}`)).toMatchObject({ nextAt: null, endedAt: '2020-12-04T08:00:00.000+07:00' });
    expect((await server.post(`/subscriptions/${whole}/end`)).body).toMatchObject({ status: 409, code: 'subscription-ended' });
    expect((await server.post('/subscriptions/khong-co/end')).body).toMatchObject({ status: 404, code: 'subscription-not-found' });
    expect((await server.ok('/subscriptions')).items.map(({ id }: { id: string }) => id)).not.toContain(whole);
    expect((await server.ok('/subscriptions?ended=true')).items.map(({ id }: { id: string }) => id)).toContain(whole);
  });

  it('whose view has become none since it was set is a failure with its reason: in the list, the inbox and the state of sending; sent once the view is one again', async () => {
    // As a log holds it that came from elsewhere, or from a time when there was such a unit.
    const { log, reference } = server.runtime;
    const id = 'c0a8012e-0000-4000-8000-000000000001';
    const data = { recipientId: LEADER, role: 'leader', unitId: 'so-noi-vu', name: 'Của sở cũ', query: 'donVi=so-cu', hour: '10:00', weekdays: WORKDAYS };
    await log.append(subscriptionStream(id), [{ id: derivedId('test', id), type: 'SubscriptionBegun', schema: 1, data, occurredAt: server.clock.now(), metadata: { actor: { id: 'office', role: 'office' } } }], { expectedRevision: -1 });
    await reference.catchUp();
    expect(await at('2020-12-04T10:00:00+07:00')).toEqual([]);
    const failed = { dashboard: { name: 'Của sở cũ', fault: 'Tham số donVi=“so-cu”: cần mã một đơn vị có trong danh mục.' }, deliveries: [{ channel: 'email', state: 'dead', code: 'dashboard-query-invalid' }] };
    expect(await sentOf(id)).toMatchObject([{ slot: '2020-12-04', silent: null, ...failed }]);
    expect((await server.ok('/subscriptions')).items.find((one: { id: string }) => one.id === id)).toMatchObject({ last: failed });
    expect((await server.get(`/inbox?personId=${LEADER}`, 'leader')).body.items[0]).toMatchObject({ kind: 'dashboard', ...failed });
    const dead = (await server.ok('/reminders/health')).items.find(({ dashboard }: { dashboard?: { name: string } }) => dashboard?.name === 'Của sở cũ');
    expect(dead).toMatchObject(failed);
    // Asked for again while nothing is mended, it fails again.
    await server.done(`/reminders/${dead.id}/resend`, { channel: 'email' });
    expect(await at('2020-12-04T10:01:00+07:00')).toEqual([]);
    expect(await sentOf(id)).toMatchObject([failed]);
    await server.done('/units', unit('so-cu'), 'admin');
    await server.done(`/reminders/${dead.id}/resend`, { channel: 'email' });
    expect((await at('2020-12-04T10:02:00+07:00')).map(({ to }) => to[0])).toEqual(['ld1@tinh.example']);
    expect(await sentOf(id)).toMatchObject([{ deliveries: [{ state: 'sent' }] }]);
    await server.done(`/subscriptions/${id}/end`);
  });

  it('goes to nobody who has left or was erased, and the record stays', async () => {
    const own = (await server.ok('/subscriptions')).items.find(({ name }: { name: string }) => name === 'Của sở').id as string;
    await server.send(`/people/${HEAD}`, { method: 'DELETE', headers: { 'X-Actor': 'admin' } });
    expect(await at('2020-12-07T07:00:00+07:00')).toEqual([]);
    expect((await sentOf(own))[0]).toMatchObject({ slot: '2020-12-07', personName: 'đã xóa theo yêu cầu', deliveries: [{ state: 'suppressed', reason: 'recipient-removed' }] });
  });

  it('people are found without tone marks', async () => {
    expect((await server.ok('/people?q=nguyen%20lanh')).items.map(({ name }: { name: string }) => name)).toEqual(['Nguyễn Lãnh Đạo']);
    expect(await server.ok('/people?q=khong%20thay%20ai')).toMatchObject({ total: 0, items: [] });
  });
});
