import { IconDownload, IconLock, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { Link, useParams } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { get, type Page } from '../api.ts';
import { day, local, moment, positionText } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { sizeWords } from '../forms/files-field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { Frame } from '../frame.tsx';
import { ChangesPill } from '../live/changes-pill.tsx';
import { t } from '../i18n.ts';
import { Modal } from '../quick/modal.tsx';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import '../styles/reports.css';
import { ChangesAfter, ComparedWith } from './differences.tsx';
import { Findings } from './findings.tsx';
import { ReportPaper } from './paper.tsx';
import { PunctualWord, StatusWord } from './reports.tsx';
import { Tabs } from './tabs.tsx';
import { FORMATS, type Format, type Preview, type ReportDetail, type ReportItem, type Verified } from './types.ts';
import { useCommand } from './use-command.ts';
import { WordsForm } from './words-form.tsx';
import { FORMAT_WORDS } from './words.ts';

const pathOf = (id: string): string => `/reports/${encodeURIComponent(id)}`;

function Files({ report }: { report: ReportDetail }) {
  return (
    <ul className="rpfiles">
      {FORMATS.map((format) => (
        <li key={format}>
          <a className="btn" href={`/api/v1${pathOf(report.id)}/files/${format}`} download>
            <IconDownload size={16} aria-hidden /> {FORMAT_WORDS[format]}
          </a>
          {report.issued ? (
            <>
              <span className="quiet">{sizeWords(report.issued.files[format].bytes)}</span>
              <span className="quiet code rphash">SHA-256 {report.issued.files[format].sha256}</span>
            </>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

interface FieldTexts {
  number: string;
  date: string;
  place: string;
  parentAgency: string;
  agency: string;
  signerTitle: string;
  recipients: string;
  asOf: string;
}

function textsOf(report: ReportDetail, preview: Preview): FieldTexts {
  const { head, signature, recipients } = preview.report;
  return {
    number: head.number.startsWith('/') ? '' : head.number,
    date: head.date ?? '',
    place: head.place,
    parentAgency: head.parentAgency,
    agency: head.agency,
    signerTitle: signature.title,
    recipients: recipients.join('\n'),
    asOf: report.asOf,
  };
}

/** What stays open for the office that signs. What is sent is what was changed, so that the rest follows the text and the template. */
function EditForm({ report, preview, done }: { report: ReportDetail; preview: Preview; done: () => void }) {
  const began = useRef(textsOf(report, preview));
  const [texts, setTexts] = useState(began.current);
  const [says, setSays] = useState('');
  const { problem, sending, run } = useCommand();
  const change = (part: Partial<FieldTexts>): void => {
    setSays('');
    setTexts((old) => ({ ...old, ...part }));
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const body: Record<string, unknown> = {};
    for (const name of ['number', 'date', 'place', 'parentAgency', 'agency', 'signerTitle'] as const)
      if (texts[name] !== began.current[name]) body[name] = texts[name].trim() === '' ? null : texts[name];
    if (texts.recipients !== began.current.recipients) {
      const lines = texts.recipients.split('\n').map((line) => line.trim()).filter(Boolean);
      body['recipients'] = lines.length === 0 ? null : lines;
    }
    if (texts.asOf !== began.current.asOf) body['asOf'] = texts.asOf;
    if (Object.keys(body).length === 0) {
      setSays(t('Chưa sửa gì.'));
      return;
    }
    if (await run(`${pathOf(report.id)}/edit`, body, report.revision)) {
      began.current = texts;
      setSays(t('Đã lưu.'));
      done();
    }
  };
  const line = (name: 'number' | 'place' | 'parentAgency' | 'agency' | 'signerTitle', label: string, hint?: string) => (
    <Labelled label={label} hint={hint} errors={refusalsOf(problem, name)}>
      {(ids) => <input {...ids} type="text" name={name} value={texts[name]} onChange={(event) => change({ [name]: event.target.value })} />}
    </Labelled>
  );
  return (
    <form className="form rpedit" noValidate onSubmit={(event) => void submit(event)}>
      <h2 className="minor">{t('Phần cơ quan ký điền')}</h2>
      <div className="pair">
        {line('number', t('Số, ký hiệu'))}
        <Labelled label={t('Ngày ký')} errors={refusalsOf(problem, 'date')}>
          {(ids) => <input {...ids} type="date" name="date" value={texts.date} onChange={(event) => change({ date: event.target.value })} />}
        </Labelled>
      </div>
      <div className="pair">
        {line('place', t('Nơi ban hành'))}
        <Labelled label={t('Số liệu đến hết ngày')} required errors={refusalsOf(problem, 'asOf')}>
          {(ids) => <input {...ids} type="date" name="asOf" min={report.from} max={report.to} value={texts.asOf} onChange={(event) => change({ asOf: event.target.value })} />}
        </Labelled>
      </div>
      {line('parentAgency', t('Cơ quan chủ quản'))}
      {line('agency', t('Tên cơ quan'))}
      {line('signerTitle', t('Chức danh người ký'))}
      <Labelled label={t('Nơi nhận')} hint={t('mỗi nơi một dòng')} errors={refusalsOf(problem, 'recipients')}>
        {(ids) => <textarea {...ids} name="recipients" rows={4} value={texts.recipients} onChange={(event) => change({ recipients: event.target.value })} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn" disabled={sending}>
          {sending ? t('Đang lưu…') : t('Lưu')}
        </button>
        <span role="status" className="quiet">
          {says}
        </span>
      </p>
    </form>
  );
}

function IssueDialog({ report, close, done }: { report: ReportDetail; close: () => void; done: () => void }) {
  const { problem, sending, run } = useCommand();
  const submit = async (): Promise<void> => {
    if (await run(`${pathOf(report.id)}/issue`, {}, report.revision)) {
      done();
      close();
    }
  };
  return (
    <Modal label={t('Ban hành báo cáo')} className="brdialog" close={close}>
      <h2>{t('Ban hành báo cáo?')}</h2>
      <p className="effect">
        {t('Số liệu, mẫu, lời văn và năm tệp được chốt đúng như lúc này; về sau không sửa được, chỉ có thể lập báo cáo khác thay thế. Phần mềm không ký thay ai.')}
      </p>
      {report.issued === null && !report.fields.number ? <p className="quiet">{t('Số và ngày ký để trống trong phần điền thì tệp in ra như đang thấy ở bản xem trước.')}</p> : null}
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="button" className="btn primary" disabled={sending} autoFocus onClick={() => void submit()}>
          {sending ? t('Đang lập tệp và chốt…') : t('Ban hành')}
        </button>
        <button type="button" className="btn" onClick={close}>
          {t('Để sau')}
        </button>
      </p>
    </Modal>
  );
}

/** Writes every file again from the log and says whether they are the very same. */
function Verify({ id }: { id: string }) {
  const verified = useQuery({
    queryKey: ['report', id, 'verify'],
    queryFn: ({ signal }) => get<Verified>(`${pathOf(id)}/verify`, {}, signal),
    enabled: false,
    retry: false,
  });
  return (
    <>
      <p className="acts">
        <button type="button" className="btn" disabled={verified.isFetching} onClick={() => void verified.refetch()}>
          <IconShieldCheck size={16} aria-hidden /> {verified.isFetching ? t('Đang chạy lại…') : t('Chạy lại và so khớp')}
        </button>
      </p>
      <div role="status" className="rpverified" data-matches={verified.data?.matches}>
        {verified.isFetching || !verified.data ? null : verified.data.matches ? (
          <p className="t-done">
            <IconShieldCheck size={18} aria-hidden /> {t('Trùng khớp: cả năm tệp lập lại từ nhật ký đúng từng byte.')}
          </p>
        ) : (
          <>
            <p className="t-overdue">
              <IconShieldX size={18} aria-hidden /> {t('Khác ở tệp {{format}}.', { format: FORMAT_WORDS[verified.data.firstDiffering as Format] })}
            </p>
            <ul>
              {verified.data.files
                .filter(({ matches }) => !matches)
                .map((file) => (
                  <li key={file.format} className="code">
                    {t('{{format}}: đã chốt {{was}}…, lập lại {{now}}…', { format: FORMAT_WORDS[file.format], was: file.frozen.sha256.slice(0, 16), now: file.now.sha256.slice(0, 16) })}
                  </li>
                ))}
            </ul>
          </>
        )}
      </div>
      {verified.isError ? <Failure error={verified.error} retry={() => void verified.refetch()} /> : null}
    </>
  );
}

function SupersedeForm({ report, done }: { report: ReportDetail; done: () => void }) {
  const { problem, sending, run } = useCommand();
  const [by, setBy] = useState('');
  const [reason, setReason] = useState('');
  const others = useQuery({
    queryKey: ['reports', 'issued', report.unitId, report.period],
    queryFn: ({ signal }) => get<Page<ReportItem>>('/reports', { unitId: report.unitId, period: report.period, status: 'issued' }, signal),
  });
  const choices = (others.data?.items ?? []).filter(({ id }) => id !== report.id);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await run(`${pathOf(report.id)}/supersede`, { byReportId: by || (choices[0]?.id ?? ''), reason }, report.revision)) done();
  };
  if (choices.length === 0)
    return (
      <p className="quiet">{t('Muốn thay báo cáo này thì lập và ban hành một báo cáo khác của cùng đơn vị, cùng kỳ; sau đó ghi việc thay thế ở đây.')}</p>
    );
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={t('Báo cáo thay thế')} required errors={refusalsOf(problem, 'byReportId')}>
        {(ids) => (
          <select {...ids} name="byReportId" value={by || choices[0]?.id} onChange={(event) => setBy(event.target.value)}>
            {choices.map((one) => (
              <option key={one.id} value={one.id}>
                {t('{{number}}, ban hành {{at}}', { number: one.number ?? t('chưa ghi số'), at: one.issued ? moment(one.issued.at) : '' })}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={t('Lý do')} required errors={refusalsOf(problem, 'reason')}>
        {(ids) => <input {...ids} type="text" name="reason" value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn" disabled={sending}>
          {t('Ghi thay thế')}
        </button>
      </p>
    </form>
  );
}

function Frozen({ report }: { report: ReportDetail }) {
  const { issued, superseded } = report;
  if (!issued) return null;
  return (
    <div className="rpfrozen" role="region" aria-label={t('Đã ban hành')}>
      <p>
        <IconLock size={18} aria-hidden />{' '}
        <b>
          {t('Đã ban hành lúc {{at}}, chốt ở sự kiện {{position}}', { at: moment(issued.at), position: positionText(issued.known.position) })}
        </b>
        . {t('Ghi nhận về sau không làm đổi báo cáo này.')}
      </p>
      {superseded ? (
        <p>
          {t('Đã bị thay thế lúc {{at}}: {{reason}}.', { at: moment(superseded.at), reason: superseded.reason })}{' '}
          <Link to={`/bao-cao/${encodeURIComponent(superseded.byReportId)}`}>{t('Xem báo cáo thay thế')}</Link>
        </p>
      ) : null}
      {report.supersedes.map((id) => (
        <p key={id}>
          <Link to={`/bao-cao/${encodeURIComponent(id)}`}>{t('Thay thế một báo cáo đã ban hành trước')}</Link>
        </p>
      ))}
    </div>
  );
}

const BESIDE = {
  words: () => t('Lời văn của báo cáo'),
  changes: () => t('Thay đổi sau ban hành'),
  previous: () => t('So với kỳ trước'),
  'last-year': () => t('So với cùng kỳ năm trước'),
} as const;
type Beside = keyof typeof BESIDE;

/** Kinds of events that a report is made of. */
const SOURCES = ['task', 'plan', 'indicator', 'report', 'unit', 'calendar', 'settings', 'secretcount'];

/** `/bao-cao/:id`: the report as it will be printed, what the check found in it, and what can be done with it. */
export function ReportPage() {
  const { id = '' } = useParams();
  const client = useQueryClient();
  const role = roleOf(useActor());
  const [dialog, setDialog] = useState(false);
  const [beside, setBeside] = useState<Beside | null>(null);
  const [saved, setSaved] = useState(0);
  const checking = useCommand();
  const report = useQuery({ queryKey: ['report', id], queryFn: ({ signal }) => get<ReportDetail>(pathOf(id), {}, signal) });
  const preview = useQuery({ queryKey: ['report', id, 'preview'], queryFn: ({ signal }) => get<Preview>(`${pathOf(id)}/preview`, {}, signal) });
  const changed = (): void => {
    void client.invalidateQueries({ queryKey: ['report', id] }).then(() => setSaved((n) => n + 1));
    void client.invalidateQueries({ queryKey: ['reports'] });
  };
  const failed = report.error ?? preview.error;
  if (failed)
    return (
      <Frame title={t('Báo cáo')}>
        <Tabs />
        <Failure
          error={failed}
          retry={() => {
            void report.refetch();
            void preview.refetch();
          }}
        >
          <Link className="btn" to="/bao-cao">
            {t('Về danh sách báo cáo')}
          </Link>
        </Failure>
      </Frame>
    );
  if (!report.data || !preview.data)
    return (
      <Frame title={t('Báo cáo')}>
        <Tabs />
        <Loading what={t('báo cáo')} />
      </Frame>
    );
  const one = report.data;
  const { findings } = preview.data;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const may = role === 'office';
  const open = one.issued === null;
  return (
    <Frame title={t('Báo cáo {{period}}, {{unit}}', { period: one.periodWords, unit: one.unitName })}>
      <Tabs />
      <h1 className="listh">{t('Báo cáo {{period}}, {{unit}}', { period: one.periodWords, unit: one.unitName })}</h1>
      <p className="rpsum">
        <StatusWord status={one.status} /> · {t('số liệu đến hết ngày {{asOf}}', { asOf: day(one.asOf) })} · <span lang={saidIn()}>{preview.data.report.template.name}</span>
        {t(', phiên bản {{version}}', { version: one.templateVersion })}
        {one.due ? (
          <>
            {' · '}
            {t('hạn nộp {{dueOn}}', { dueOn: day(one.due.dueOn) })} <PunctualWord state={one.due.state} /> ·{' '}
            <Link to={`/viec/${encodeURIComponent(one.due.taskId)}`}>{t('việc lập báo cáo')}</Link>
          </>
        ) : null}
      </p>
      {open ? <ChangesPill position={preview.data.position} of={SOURCES} apply={() => Promise.all([report.refetch(), preview.refetch()])} /> : null}
      <Frozen report={one} />
      <div className="rpone">
        <div className="rpside">
          {open && may ? (
            <div className="rpdo">
              <p className="acts">
                <button type="button" className={errors > 0 || one.status === 'drafted' ? 'btn primary' : 'btn'} disabled={checking.sending} onClick={() => void checking.run(`${pathOf(id)}/check`, {}, one.revision).then((recorded) => recorded && changed())}>
                  {checking.sending ? t('Đang kiểm tra…') : t('Kiểm tra')}
                </button>
                {errors === 0 ? (
                  <button type="button" className={one.status === 'checked' ? 'btn primary' : 'btn'} onClick={() => setDialog(true)}>
                    {t('Ban hành')}
                  </button>
                ) : null}
              </p>
              {errors > 0 ? <p className="warnt">{t('Còn {{errors}} lỗi nên chưa ban hành được.', { errors })}</p> : null}
              {one.checked ? (
                <p className="quiet">
                  {t('Kiểm tra lúc {{time}}: {{errors}} lỗi, {{warnings}} cảnh báo, {{infos}} lưu ý.', { time: local(one.checked.at).time, errors: one.checked.errors, warnings: one.checked.warnings, infos: one.checked.infos })}
                </p>
              ) : null}
              {checking.problem ? <Refusal problem={checking.problem} events={[]} /> : null}
            </div>
          ) : null}
          <section aria-label={t('Điều kiểm tra thấy được')}>
            <h2 className="minor">{t('Điều kiểm tra thấy được')}</h2>
            <Findings findings={findings} />
          </section>
          {open && may ? <EditForm key={saved} report={one} preview={preview.data} done={changed} /> : null}
          <section aria-label={t('Tải về')}>
            <h2 className="minor">{t('Tải về')}</h2>
            <Files report={one} />
          </section>
          {one.issued ? (
            <section aria-label={t('So khớp')}>
              <h2 className="minor">{t('So khớp với nhật ký')}</h2>
              <Verify id={id} />
            </section>
          ) : null}
          {one.issued && !one.superseded && may ? (
            <section aria-label={t('Thay thế')}>
              <h2 className="minor">{t('Thay thế')}</h2>
              <SupersedeForm report={one} done={changed} />
            </section>
          ) : null}
        </div>
        <div className="rpmain">
          <p className="acts rpbeside">
            {open && may ? (
              <button type="button" className="btn" aria-pressed={beside === 'words'} onClick={() => setBeside(beside === 'words' ? null : 'words')}>
                {t('Viết lời văn')}
              </button>
            ) : null}
            {one.issued ? (
              <button type="button" className="btn" aria-pressed={beside === 'changes'} onClick={() => setBeside(beside === 'changes' ? null : 'changes')}>
                {t('Thay đổi sau ban hành')}
              </button>
            ) : null}
            <button type="button" className="btn" aria-pressed={beside === 'previous'} onClick={() => setBeside(beside === 'previous' ? null : 'previous')}>
              {t('So sánh kỳ trước')}
            </button>
            <button type="button" className="btn" aria-pressed={beside === 'last-year'} onClick={() => setBeside(beside === 'last-year' ? null : 'last-year')}>
              {t('So sánh cùng kỳ năm trước')}
            </button>
          </p>
          {beside === null || (beside === 'words' && !(open && may)) ? null : (
            <section className="rpbox" aria-label={BESIDE[beside]()}>
              <h2 className="minor">{BESIDE[beside]()}</h2>
              {beside === 'words' ? (
                <WordsForm report={one} preview={preview.data} done={changed} />
              ) : beside === 'changes' ? (
                <ChangesAfter id={id} />
              ) : (
                <ComparedWith id={id} with={beside} />
              )}
            </section>
          )}
          <ReportPaper paper={preview.data.report} findings={findings} frozen={one.issued !== null} />
        </div>
      </div>
      {dialog ? <IssueDialog report={one} close={() => setDialog(false)} done={changed} /> : null}
    </Frame>
  );
}
