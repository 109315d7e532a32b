import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#kernel';
import { decideReport, foldReport, NO_REPORT, punctualityOf, Reports, type Finding, type ReportCommand, type ReportContext, type ReportDecision, type ReportEvent, type ReportFact, type ReportLife, type ReportLifeState } from './index.ts';

const now = parseInstant('2020-11-29T09:00:00+07:00')!;
const known = { position: '10', eventId: '00000000-0000-4000-8000-000000000010' };
const subject = { unitId: 'thanh-tra-tinh', period: '2020', from: '2019-12-15', to: '2020-12-14', asOf: '2020-11-28', templateId: 'mau', templateVersion: 1 };
const file = { sha256: 'a'.repeat(64), bytes: 1 };
const fields = { number: '57/BC-TTT', date: '2020-11-29', recipients: ['Như trên', 'Lưu: VT'] };
const frozen = { known, fields, template: { id: 'mau', version: 1, text: 'mẫu: mau' }, files: { docx: file, pdf: file, xlsx: file, md: file, json: file } };
const finding = (severity: Finding['severity'], code: Finding['code'] = 'sum-mismatch'): Finding => ({ code, rule: 'r', severity, place: ['PL1.1'], values: ['1', '2'], detail: 'sai' });

const facts = (events: readonly ReportEvent[]): ReportFact[] => events.map((event, n) => ({ ...event, eventId: `e${String(n)}`, revision: n, position: BigInt(n + 1), occurredAt: now, recordedAt: now }));
const after = (...commands: readonly ReportCommand[]): { readonly state: ReportLife; readonly events: readonly ReportEvent[] } => {
  const events: ReportEvent[] = [];
  for (const command of commands) {
    const decision = decide(command, foldReport(facts(events)));
    if (!decision.ok) throw new Error(decision.rejection.detail);
    events.push(...decision.events);
  }
  return { state: foldReport(facts(events)) as ReportLife, events };
};
const decide = (command: ReportCommand, state: ReportLifeState = NO_REPORT, more: Partial<ReportContext> = {}): ReportDecision => decideReport(command, state, { now, ...more });
const codeOf = (decision: ReportDecision): string => (decision.ok ? 'ok' : decision.rejection.code);

const draft: ReportCommand = { type: 'DraftReport', ...subject, content: 'đơn vị: thanh-tra-tinh' };
const issue: ReportCommand = { type: 'IssueReport', findings: [finding('warning'), finding('info', 'missing-rate')], frozen };

describe('the life of a report', () => {
  it('goes from draft over check to issue, and is frozen with all it was made of', () => {
    const { state, events } = after(draft, { type: 'EditReport', fields: { number: ' 57/BC-TTT ', date: '2020-11-29', recipients: ['Như trên', ' ', 'Lưu: VT'] } }, { type: 'CheckReport', findings: [finding('warning')], known }, issue);
    expect(events.map(({ type }) => type)).toEqual(['ReportDrafted', 'ReportEdited', 'ReportChecked', 'ReportChecked', 'ReportIssued']);
    expect(events.at(-1)!.data).toEqual({
      unitId: 'thanh-tra-tinh', period: '2020', from: '2019-12-15', to: '2020-12-14', asOf: '2020-11-28', ...frozen, content: 'đơn vị: thanh-tra-tinh', errors: 0, warnings: 1, infos: 1,
    });
    expect(state).toMatchObject({ status: 'issued', fields, checked: { warnings: 1, infos: 1 } });
  });
  it('counts the findings of each rule where it is checked', () => {
    expect(after(draft, { type: 'CheckReport', findings: [finding('error'), finding('error'), finding('info', 'missing-rate')], known }).events.at(-1)!.data).toEqual({ errors: 2, warnings: 0, infos: 1, known, rules: { 'sum-mismatch': 2, 'missing-rate': 1 } });
  });
  it('is not issued while one finding blocks it, and says which', () => {
    const { state } = after(draft);
    expect(decide({ ...issue, findings: [finding('warning'), finding('error')] }, state)).toMatchObject({ ok: false, rejection: { status: 409, code: 'report-blocked', detail: /PL1\.1: sai/, extra: { findings: [{ severity: 'warning' }, { severity: 'error' }] } } });
  });
  it('loses its check with an edit', () => {
    expect(after(draft, { type: 'CheckReport', findings: [], known }).state.status).toBe('checked');
    expect(after(draft, { type: 'CheckReport', findings: [], known }, { type: 'EditReport', fields: { place: 'Khánh Hòa' } }).state).toMatchObject({ status: 'drafted', checked: null });
  });
  it('takes a field back with an empty line', () => {
    const { state } = after(draft, { type: 'EditReport', fields: { number: '57/BC-TTT', place: 'Khánh Hòa' } }, { type: 'EditReport', fields: { number: '', place: null } });
    expect(state.fields).toEqual({});
  });
  it('changes in nothing once it is issued', () => {
    const { state } = after(draft, issue);
    for (const command of [{ type: 'EditReport', fields: { number: '58' } }, { type: 'CheckReport', findings: [], known }, issue] satisfies ReportCommand[]) expect(codeOf(decide(command, state))).toBe('report-frozen');
  });
  it('is superseded by an issued report of the same unit and period, for a reason, once', () => {
    const { state, events } = after(draft, issue);
    const supersede: ReportCommand = { type: 'SupersedeReport', byReportId: 'b', reason: 'số liệu ghi muộn' };
    const by = { ...state, issued: { ...state.issued!, eventId: 'khac' } };
    expect(codeOf(decide(supersede, after(draft).state, { by }))).toBe('report-not-issued');
    expect(codeOf(decide(supersede, state))).toBe('superseding-report-unknown');
    expect(codeOf(decide(supersede, state, { by: { ...by, issued: null } }))).toBe('superseding-report-not-issued');
    expect(codeOf(decide(supersede, state, { by: state }))).toBe('superseding-report-of-another-subject');
    expect(codeOf(decide(supersede, state, { by: { ...by, period: '2019' } }))).toBe('superseding-report-of-another-subject');
    expect(codeOf(decide({ ...supersede, reason: ' ' }, state, { by }))).toBe('reason-missing');
    const decision = decide(supersede, state, { by });
    if (!decision.ok) throw new Error('refused');
    const superseded = foldReport(facts([...events, ...decision.events]));
    expect(superseded).toMatchObject({ status: 'superseded', superseded: { byReportId: 'b', reason: 'số liệu ghi muộn' } });
    expect(codeOf(decide(supersede, superseded, { by }))).toBe('report-superseded');
  });
  it.each<[Partial<ReportCommand>, string]>([
    [{ asOf: '2019-12-14' }, 'cut-off-outside-period'],
    [{ asOf: '2020-12-01' }, 'cut-off-in-the-future'],
    [{ asOf: '2020-11-31' }, 'date-does-not-exist'],
    [{ content: 'a: 1\nlời văn: (Mật)' }, 'secrecy-mark'],
  ])('refuses a draft with %j: %s', (change, code) => {
    expect(codeOf(decide({ ...draft, ...change } as ReportCommand))).toBe(code);
  });
  it('is drafted once, and not beside one that is still open', () => {
    expect(codeOf(decide(draft, after(draft).state))).toBe('report-exists');
    expect(decide(draft, NO_REPORT, { open: { id: 'r1' } })).toMatchObject({ ok: false, rejection: { code: 'report-open', extra: { reportId: 'r1' } } });
    expect(codeOf(decide(issue))).toBe('report-not-found');
  });
  it.each<[object, string]>([[{ date: '2020-02-30' }, 'date-does-not-exist'], [{ place: 'x'.repeat(301) }, 'too-long'], [{ recipients: Array.from({ length: 31 }, () => 'a') }, 'too-many'], [{ signerTitle: 'Mật' }, 'secrecy-mark'], [{}, 'nothing-changed'], [{ number: '' }, 'nothing-changed']])('refuses the fields %j: %s', (fields, code) => {
    expect(codeOf(decide({ type: 'EditReport', fields }, after(draft).state))).toBe(code);
  });
});

describe('reports in memory', () => {
  it('are kept without their long texts', () => {
    const reports = new Reports();
    for (const fact of facts(after(draft, issue).events)) reports.apply('r1', fact);
    expect(reports.get('r1')).toMatchObject({ id: 'r1', status: 'issued', content: null, issued: { content: null, template: { id: 'mau', version: 1, text: '' } } });
    expect(reports.all()).toHaveLength(1);
  });
});

describe('a report that is owed', () => {
  const due = { dutyId: 'd', dueOn: '2020-12-18', taskId: 't' };
  it.each([[null, '2020-12-18', 'waiting'], [null, '2020-12-19', 'overdue'], ['2020-12-18', '2021-01-01', 'on-time'], ['2020-12-19', '2021-01-01', 'late']] as const)('issued on %s, looked at on %s, is %s', (issuedOn, today, expected) => {
    const { state } = after(draft, issue);
    expect(punctualityOf({ due, issued: issuedOn === null ? null : state.issued }, { issuedOn, today })).toBe(expected);
    expect(punctualityOf({ due: null, issued: state.issued }, { issuedOn, today })).toBeUndefined();
  });
});
