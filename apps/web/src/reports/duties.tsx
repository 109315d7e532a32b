import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { roleOf, useActor } from '../actor.ts';
import { get, type Page } from '../api.ts';
import { day, local } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reports.css';
import { Tabs } from './tabs.tsx';
import { FormFoot } from './form-foot.tsx';
import { type TemplateItem } from './types.ts';
import { useCommand } from './use-command.ts';
import { PERIOD_PARTS } from './words.ts';

/** As `POST /settings` takes it in `reportDuties`. */
interface Duty {
  unitId: string;
  templateId?: string;
  periods: string[];
  cutOffDaysBefore: number;
  dueWorkingDays: number;
  from: string;
  document: { number: string; date: string; issuer: string };
}
interface Named {
  unitName: string;
  unitKnown: boolean;
  templateName: string | null;
}
interface Duties {
  items: (Duty & Named)[];
  coming: (Named & { unitId: string; period: string; periodWords: string; cutOff: string; dueOn: string })[];
  revision: number;
}

/** The whole year goes by `year` here, by '' where a report is asked for. */
const PARTS = PERIOD_PARTS.map(([part, words]) => [part === '' ? 'year' : part, words] as const);
const periodsVi = (periods: readonly string[]): string => PARTS.filter(([part]) => periods.includes(part)).map(([, words]) => words).join(', ');
const plain = ({ unitId, templateId, periods, cutOffDaysBefore, dueWorkingDays, from, document }: Duty): Duty => ({
  unitId,
  ...(templateId === undefined ? {} : { templateId }),
  periods,
  cutOffDaysBefore,
  dueWorkingDays,
  from,
  document,
});
/** Nothing was ever set at -1: then there is nothing that another may have changed. */
const decidedOn = ({ revision }: Duties): number | undefined => (revision < 0 ? undefined : revision);
const same = (a: Duty, b: Duty): boolean => a.unitId === b.unitId && a.templateId === b.templateId;

/** One duty, new or changed. The settings hold all of them as one value, so it is sent with the others, on the revision they were read at. */
function DutyForm({ duties, given, today, done, close }: { duties: Duties; given: Duty | null; today: string; done: () => void; close: (() => void) | null }) {
  const { problem, sending, run, refuse } = useCommand();
  const [unitId, setUnitId] = useState<string | null>(given?.unitId ?? null);
  const [templateId, setTemplateId] = useState(given?.templateId ?? '');
  const [periods, setPeriods] = useState<readonly string[]>(given?.periods ?? ['year']);
  const [fields, setFields] = useState({
    cutOff: String(given?.cutOffDaysBefore ?? 0),
    due: String(given?.dueWorkingDays ?? 5),
    from: given?.from ?? today,
    number: given?.document.number ?? '',
    date: given?.document.date ?? '',
    issuer: given?.document.issuer ?? '',
    reason: '',
  });
  const templates = useQuery({ queryKey: ['report-templates'], queryFn: ({ signal }) => get<Page<TemplateItem>>('/report-templates', {}, signal) });
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) => setFields({ ...fields, [name]: event.target.value });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    // The server names the list as a whole, so what is wrong with a field is told here.
    const errors = [
      ...(unitId === null ? [{ pointer: '/unitId', detail: t('Cần chọn đơn vị nộp báo cáo.') }] : []),
      ...(periods.length === 0 ? [{ pointer: '/periods', detail: t('Cần chọn ít nhất một kỳ.') }] : []),
      ...(/^\d{1,2}$/.test(fields.cutOff.trim()) && Number(fields.cutOff) <= 60 ? [] : [{ pointer: '/cutOff', detail: t('Cần số ngày từ 0 đến 60.') }]),
      ...(/^\d{1,2}$/.test(fields.due.trim()) && Number(fields.due) >= 1 && Number(fields.due) <= 60 ? [] : [{ pointer: '/due', detail: t('Cần số ngày làm việc từ 1 đến 60.') }]),
      ...(fields.from ? [] : [{ pointer: '/from', detail: t('Cần ngày bắt đầu.') }]),
      ...(fields.number.trim() && fields.date && fields.issuer.trim() ? [] : [{ pointer: '/document', detail: t('Cần số, ngày và cơ quan ban hành của văn bản quy định.') }]),
      ...(fields.reason.trim() ? [] : [{ pointer: '/reason', detail: t('Cần nêu lý do.') }]),
    ];
    const before = given;
    const made: Duty = {
      unitId: unitId ?? '',
      ...(templateId ? { templateId } : {}),
      periods: [...periods],
      cutOffDaysBefore: Number(fields.cutOff),
      dueWorkingDays: Number(fields.due),
      from: fields.from,
      document: { number: fields.number.trim(), date: fields.date, issuer: fields.issuer.trim() },
    };
    const others = duties.items.map(plain).filter((one) => before === null || !same(one, before));
    if (errors.length === 0 && others.some((one) => same(one, made))) {
      errors.push({ pointer: '/unitId', detail: t('Đơn vị này đã phải nộp báo cáo theo mẫu này: sửa dòng đã có.') });
    }
    if (errors.length > 0) {
      refuse({ title: t('Chưa đủ'), detail: errors.map(({ detail }) => detail).join(' '), errors });
      return;
    }
    if (await run('/settings', { reportDuties: [...others, made], reason: fields.reason }, decidedOn(duties))) done();
  };
  return (
    <form className={given ? 'form rpinline' : 'form'} noValidate onSubmit={(event) => void submit(event)}>
      {given ? null : <h2>{t('Thêm báo cáo phải nộp')}</h2>}
      <UnitField label={t('Đơn vị nộp')} required errors={refusalsOf(problem, 'unitId')} value={unitId} onChange={setUnitId} />
      <Labelled label={t('Mẫu')} hint={t('bỏ trống: mẫu có hiệu lực vào ngày cuối kỳ')}>
        {(ids) => (
          <select {...ids} name="templateId" value={templateId} onChange={(event) => setTemplateId(event.target.value)}>
            <option value="">{t('Mẫu có hiệu lực')}</option>
            {(templates.data?.items ?? []).map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <fieldset className="rpperiods">
        <legend>{t('Các kỳ trong năm')}</legend>
        {PARTS.map(([part, words]) => (
          <label key={part}>
            <input
              type="checkbox"
              name={`period-${part}`}
              checked={periods.includes(part)}
              onChange={(event) => setPeriods(event.target.checked ? [...periods, part] : periods.filter((one) => one !== part))}
            />{' '}
            {words}
          </label>
        ))}
        {refusalsOf(problem, 'periods').map(({ detail }) => (
          <p key={detail} className="ferr">
            {detail}
          </p>
        ))}
      </fieldset>
      <div className="pair">
        <Labelled label={t('Chốt số liệu trước ngày cuối kỳ (ngày)')} required errors={refusalsOf(problem, 'cutOff')}>
          {(ids) => <input {...ids} type="text" inputMode="numeric" name="cutOff" value={fields.cutOff} onChange={set('cutOff')} />}
        </Labelled>
        <Labelled label={t('Nộp sau ngày chốt (ngày làm việc)')} required errors={refusalsOf(problem, 'due')}>
          {(ids) => <input {...ids} type="text" inputMode="numeric" name="due" value={fields.due} onChange={set('due')} />}
        </Labelled>
      </div>
      <Labelled label={t('Tính từ ngày')} required hint={t('kỳ chốt trước ngày này thì không phải nộp')} errors={refusalsOf(problem, 'from')}>
        {(ids) => <input {...ids} type="date" name="from" value={fields.from} onChange={set('from')} />}
      </Labelled>
      <div className="pair">
        <Labelled label={t('Theo văn bản số')} required errors={refusalsOf(problem, 'document')}>
          {(ids) => <input {...ids} type="text" name="number" value={fields.number} onChange={set('number')} />}
        </Labelled>
        <Labelled label={t('Ngày văn bản')} required>
          {(ids) => <input {...ids} type="date" name="date" value={fields.date} onChange={set('date')} />}
        </Labelled>
      </div>
      <Labelled label={t('Cơ quan ban hành văn bản')} required>
        {(ids) => <input {...ids} type="text" name="issuer" value={fields.issuer} onChange={set('issuer')} />}
      </Labelled>
      <Labelled label={t('Lý do')} required errors={refusalsOf(problem, 'reason')}>
        {(ids) => <input {...ids} type="text" name="reason" value={fields.reason} onChange={set('reason')} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {given ? t('Ghi thay đổi') : t('Thêm')}
        </button>
        {close ? (
          <button type="button" className="btn" onClick={close}>
            {t('Thôi')}
          </button>
        ) : null}
      </p>
    </form>
  );
}

function RemoveForm({ duties, given, done, close }: { duties: Duties; given: Duty; done: () => void; close: () => void }) {
  const { problem, sending, run, refuse } = useCommand();
  const [reason, setReason] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!reason.trim()) {
      refuse({ title: t('Chưa đủ'), detail: t('Cần nêu lý do.'), errors: [{ pointer: '/reason', detail: t('Cần nêu lý do.') }] });
      return;
    }
    if (await run('/settings', { reportDuties: duties.items.map(plain).filter((one) => !same(one, given)), reason }, decidedOn(duties))) done();
  };
  return (
    <form className="form rpinline" noValidate onSubmit={(event) => void submit(event)}>
      <p>{t('Các kỳ chốt sau lúc này thì không phải nộp nữa; báo cáo và việc đã lập vẫn còn.')}</p>
      <Labelled label={t('Lý do bỏ')} required errors={refusalsOf(problem, 'reason')}>
        {(ids) => <input {...ids} type="text" name="reason" value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Labelled>
      <FormFoot problem={problem} sending={sending} word={t('Bỏ báo cáo này')} close={close} />
    </form>
  );
}

/** `/bao-cao/phai-nop`: which unit owes which report, what comes next, and, for the administrator, changing it. */
export function DutiesPage() {
  const admin = roleOf(useActor()) === 'admin';
  const system = useSystem();
  const client = useQueryClient();
  const [open, setOpen] = useState<{ place: number; what: 'change' | 'remove' } | null>(null);
  const duties = useQuery({ queryKey: ['report-duties'], queryFn: ({ signal }) => get<Duties>('/reports/duties', {}, signal) });
  const done = (): void => {
    setOpen(null);
    void client.invalidateQueries({ queryKey: ['report-duties'] });
  };
  const today = system.data ? local(system.data.now).day : '';
  return (
    <Frame title={t('Báo cáo phải nộp')}>
      <Tabs />
      <h1 className="listh">{t('Báo cáo phải nộp theo chế độ')}</h1>
      <p className="quiet">{t('Hết ngày chốt, hệ thống lập một dự thảo ở trang Báo cáo và giao đơn vị một việc có thời hạn nộp.')}</p>
      <div className="rpcols">
        <section aria-label={t('Các báo cáo phải nộp')}>
          {duties.isError ? (
            <Failure error={duties.error} retry={() => void duties.refetch()} />
          ) : !duties.data ? (
            <Loading what={t('các báo cáo phải nộp')} />
          ) : (
            <>
              {duties.data.items.length === 0 ? (
                <Nothing under
                  title={t('Chưa đặt báo cáo nào phải nộp')}
                  advice={admin ? t('Chọn đơn vị, các kỳ và văn bản quy định ở bên cạnh.') : t('Quản trị hệ thống đặt chế độ báo cáo ở trang này.')}
                />
              ) : (
                <ul className="rpplans">
                  {duties.data.items.map((one, place) => (
                    <li key={`${one.unitId} ${one.templateId ?? ''}`} data-duty={one.unitId}>
                      <h2 className="minor">{one.unitName}</h2>
                      <p>
                        {one.templateName ?? (one.templateId === undefined ? t('Mẫu có hiệu lực') : t('mẫu “{{id}}” không còn', { id: one.templateId }))}
                        {' · '}
                        {periodsVi(one.periods)}
                      </p>
                      <p className="quiet">
                        {one.cutOffDaysBefore === 0 ? t('chốt vào ngày cuối kỳ') : t('chốt trước ngày cuối kỳ {{n}} ngày', { n: one.cutOffDaysBefore })}
                        {' · '}
                        {t('nộp trong {{n}} ngày làm việc sau khi chốt', { n: one.dueWorkingDays })}
                        {' · '}
                        {t('từ ngày {{day}}', { day: day(one.from) })}
                        {' · '}
                        {t('theo {{number}} ngày {{day}} của {{issuer}}', { number: one.document.number, day: day(one.document.date), issuer: one.document.issuer })}
                      </p>
                      {one.unitKnown ? null : <p className="ferr">{t('Danh mục không có đơn vị này: chưa lập được báo cáo nào.')}</p>}
                      {!admin ? null : open?.place !== place ? (
                        <p className="acts">
                          <button type="button" className="btn" onClick={() => setOpen({ place, what: 'change' })}>
                            {t('Sửa')}
                            <span className="vh"> {one.unitName}</span>
                          </button>
                          <button type="button" className="btn" onClick={() => setOpen({ place, what: 'remove' })}>
                            {t('Bỏ')}
                            <span className="vh"> {one.unitName}</span>
                          </button>
                        </p>
                      ) : open.what === 'change' ? (
                        <DutyForm duties={duties.data} given={plain(one)} today={today} done={done} close={() => setOpen(null)} />
                      ) : (
                        <RemoveForm duties={duties.data} given={plain(one)} done={done} close={() => setOpen(null)} />
                      )}
                    </li>
                  ))}
                </ul>
              )}
              {duties.data.coming.length > 0 ? (
                <>
                  <h2 className="minor">{t('Sắp tới')}</h2>
                  <div className="scrollx" tabIndex={0} role="region" aria-label={t('Bảng các kỳ sắp tới')}>
                    <table className="rplist">
                      <thead>
                        <tr>
                          <th scope="col">{t('Báo cáo')}</th>
                          <th scope="col">{t('Chốt số liệu hết ngày')}</th>
                          <th scope="col">{t('Hạn nộp')}</th>
                        </tr>
                      </thead>
                      <tbody>
                        {duties.data.coming.map((one) => (
                          <tr key={`${one.unitId} ${one.templateName ?? ''} ${one.period}`} data-coming={one.period}>
                            <td>
                              {one.unitName}, {one.periodWords}
                              {one.templateName ? <span className="sub">{one.templateName}</span> : null}
                            </td>
                            <td>{day(one.cutOff)}</td>
                            <td>{day(one.dueOn)}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </div>
                </>
              ) : null}
            </>
          )}
        </section>
        {admin && duties.data && today ? <DutyForm key={duties.data.revision} duties={duties.data} given={null} today={today} done={done} close={null} /> : null}
      </div>
    </Frame>
  );
}
