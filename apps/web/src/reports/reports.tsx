import { IconAlertTriangle, IconArrowForwardUp, IconCircleCheck, IconClock, IconFileCheck, IconPencil } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { get, type Page } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { day, local, longDay, reportingYear } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reports.css';
import { Tabs } from './tabs.tsx';
import { type Punctuality, type ReportItem, type ReportStatus, type TemplateItem } from './types.ts';
import { useCommand } from './use-command.ts';
import { PERIOD_PARTS, PUNCTUAL_WORDS, STATUS_WORDS } from './words.ts';

const STATUS_ICONS = { drafted: IconPencil, checked: IconFileCheck, issued: IconCircleCheck, superseded: IconArrowForwardUp } as const;
const PUNCTUAL_ICONS = { 'on-time': IconCircleCheck, late: IconAlertTriangle, waiting: IconClock, overdue: IconAlertTriangle } as const;
const PUNCTUAL_LOOK: Readonly<Record<Punctuality, string>> = { 'on-time': 't-done', late: 't-late', waiting: 't-intime', overdue: 't-overdue' };

export function StatusWord({ status }: { status: ReportStatus }) {
  const Icon = STATUS_ICONS[status];
  return (
    <span className="rpstate" data-status={status}>
      <Icon size={16} aria-hidden /> {STATUS_WORDS[status]}
    </span>
  );
}

export function PunctualWord({ state }: { state: Punctuality }) {
  const Icon = PUNCTUAL_ICONS[state];
  return (
    <span className={`rpstate ${PUNCTUAL_LOOK[state]}`}>
      <Icon size={16} aria-hidden /> {PUNCTUAL_WORDS[state]}
    </span>
  );
}

function DraftForm({ now }: { now: string }) {
  const navigate = useNavigate();
  const today = local(now).day;
  const { problem, sending, run, refuse } = useCommand();
  const [unitId, setUnitId] = useState<string | null>(null);
  const [year, setYear] = useState(String(reportingYear(today)));
  const [part, setPart] = useState('');
  const [asOf, setAsOf] = useState('');
  const [templateId, setTemplateId] = useState('');
  const templates = useQuery({ queryKey: ['report-templates'], queryFn: ({ signal }) => get<Page<TemplateItem>>('/report-templates', {}, signal) });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (unitId === null) {
      refuse({ title: t('Chưa đủ'), detail: t('Cần chọn đơn vị lập báo cáo.'), errors: [{ pointer: '/unitId', detail: t('Cần chọn đơn vị lập báo cáo.') }] });
      return;
    }
    const recorded = await run('/reports', { unitId, period: part ? `${year.trim()}-${part}` : year.trim(), ...(asOf ? { asOf } : {}), ...(templateId ? { templateId } : {}) });
    if (recorded) void navigate(`/bao-cao/${encodeURIComponent(recorded.id)}`);
  };
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t('Lập báo cáo')}</h2>
      <UnitField label={t('Đơn vị')} required errors={refusalsOf(problem, 'unitId')} value={unitId} onChange={setUnitId} />
      <div className="pair">
        <Labelled label={t('Năm')} required errors={refusalsOf(problem, 'period')}>
          {(ids) => <input {...ids} type="text" inputMode="numeric" name="year" value={year} onChange={(event) => setYear(event.target.value)} />}
        </Labelled>
        <Labelled label={t('Kỳ')} required>
          {(ids) => (
            <select {...ids} name="part" value={part} onChange={(event) => setPart(event.target.value)}>
              {PERIOD_PARTS.map(([code, words]) => (
                <option key={code} value={code}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      </div>
      <Labelled label={t('Số liệu tính đến hết ngày')} hint={t('bỏ trống: ngày cuối kỳ, hoặc hôm nay')} errors={refusalsOf(problem, 'asOf')}>
        {(ids) => <input {...ids} type="date" name="asOf" max={today} value={asOf} onChange={(event) => setAsOf(event.target.value)} />}
      </Labelled>
      <Labelled label={t('Mẫu')} hint={t('bỏ trống: mẫu có hiệu lực vào ngày cuối kỳ')} errors={refusalsOf(problem, 'templateId')}>
        {(ids) => (
          <select {...ids} name="templateId" value={templateId} onChange={(event) => setTemplateId(event.target.value)}>
            <option value="">{t('Mẫu có hiệu lực')}</option>
            {(templates.data?.items ?? []).map((one) => (
              <option key={one.id} value={one.id}>
                {one.suggested ? t('{{name}} [mẫu gợi ý]', { name: one.name }) : one.name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      {problem?.reportId ? (
        <p>
          <Link to={`/bao-cao/${encodeURIComponent(problem.reportId)}`}>{t('Mở báo cáo đang làm dở')}</Link>
        </p>
      ) : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {sending ? t('Đang lập…') : t('Lập dự thảo')}
        </button>
      </p>
    </form>
  );
}

interface Owed {
  owed: number;
  onTime: number;
  late: number;
  waiting: number;
  overdue: number;
}

/** `/bao-cao`: the reports there are, how they stand, and the way to begin one. */
export function ReportsPage() {
  const role = roleOf(useActor());
  const system = useSystem();
  const reports = useInfiniteQuery({
    queryKey: ['reports', 'list'],
    queryFn: ({ pageParam, signal }) => get<Page<ReportItem>>('/reports', { limit: '50', cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const listed = reports.data?.pages.flatMap(({ items }) => items) ?? [];
  const owed = useQuery({ queryKey: ['reports', 'punctuality'], queryFn: ({ signal }) => get<Owed>('/reports/punctuality', {}, signal) });
  return (
    <Frame title={t('Báo cáo định kỳ')}>
      <Tabs />
      <h1 className="listh">{t('Báo cáo định kỳ')}</h1>
      {owed.data && owed.data.owed > 0 ? (
        <p className="rpsum">
          {t('Phải nộp {{owed}} báo cáo: {{onTime}} đúng thời hạn, {{late}} chậm, {{waiting}} chưa đến hạn, {{overdue}} quá hạn.', {
            owed: owed.data.owed,
            onTime: owed.data.onTime,
            late: owed.data.late,
            waiting: owed.data.waiting,
            overdue: owed.data.overdue,
          })}
        </p>
      ) : null}
      <div className="rpcols">
        <section aria-label={t('Các báo cáo')}>
          {reports.isError ? (
            <Failure error={reports.error} retry={() => void reports.refetch()} />
          ) : !reports.data ? (
            <Loading what={t('các báo cáo')} />
          ) : listed.length === 0 ? (
            <Nothing under
              title={t('Chưa có báo cáo nào')}
              advice={
                role === 'office'
                  ? t('Chọn đơn vị và kỳ để lập dự thảo đầu tiên: số liệu lấy từ việc, kế hoạch và chỉ tiêu đã ghi.')
                  : t('Văn phòng UBND tỉnh lập báo cáo; lập xong thì có ở đây.')
              }
            />
          ) : (
            <>
              <ExportLinks path="/reports" query={{}} />
              <div className="scrollx" tabIndex={0} role="region" aria-label={t('Bảng các báo cáo')}>
                <table className="rplist">
                  <thead>
                    <tr>
                      <th scope="col">{t('Báo cáo')}</th>
                      <th scope="col">{t('Số liệu đến hết')}</th>
                      <th scope="col">{t('Trạng thái')}</th>
                      <th scope="col">{t('Hạn nộp')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {listed.map((one) => (
                      <tr key={one.id} data-report={one.id}>
                        <td>
                          <Link to={`/bao-cao/${encodeURIComponent(one.id)}`}>
                            {one.unitName}, {one.periodWords}
                          </Link>
                          {one.number ? <span className="sub">{one.number}</span> : null}
                        </td>
                        <td>{day(one.asOf)}</td>
                        <td>
                          <StatusWord status={one.status} />
                          {one.issued ? <span className="sub">{longDay(local(one.issued.at).day)}</span> : null}
                        </td>
                        <td>
                          {one.due ? (
                            <>
                              {day(one.due.dueOn)} <PunctualWord state={one.due.state} />
                            </>
                          ) : (
                            <span className="quiet">{t('không có hạn')}</span>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Pager pages={reports} shown={listed.length} total={reports.data.pages[0]!.total} exported />
            </>
          )}
        </section>
        {role === 'office' && system.data ? <DraftForm now={system.data.now} /> : null}
      </div>
    </Frame>
  );
}
