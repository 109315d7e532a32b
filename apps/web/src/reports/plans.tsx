import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type SubmitEvent } from 'react';
import { useLocation } from 'react-router';
import { roleOf, useActor, type Actor } from '../actor.ts';
import { get, type Page } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, day, local, reportingYear } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reports.css';
import { EvidenceFields, NO_EVIDENCE } from './evidence-fields.tsx';
import { Tabs } from './tabs.tsx';
import { FormFoot } from './form-foot.tsx';
import { type PlanDetail, type PlanLine } from './types.ts';
import { useCommand } from './use-command.ts';

const pathOf = (id: string): string => `/plans/${encodeURIComponent(id)}`;

function PlanForm({ now, done }: { now: string; done: () => void }) {
  const { problem, sending, run, refuse } = useCommand();
  const [unitId, setUnitId] = useState<string | null>(null);
  const [fields, setFields] = useState({ year: String(reportingYear(local(now).day)), code: '', title: '', issuedOn: '', number: '', notApplicable: '' });
  const set = (part: Partial<typeof fields>): void => setFields((old) => ({ ...old, ...part }));
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (unitId === null) {
      refuse({ title: t('Chưa đủ'), detail: t('Cần chọn đơn vị.'), errors: [{ pointer: '/unitId', detail: t('Cần chọn đơn vị.') }] });
      return;
    }
    const { year, code, title, issuedOn, number, notApplicable } = fields;
    const body = {
      unitId,
      year: Number(year),
      code: code.trim(),
      title,
      ...(notApplicable.trim() ? { notApplicable } : { ...(issuedOn ? { issuedOn } : {}), ...(issuedOn && number.trim() ? { document: { number, date: issuedOn } } : {}) }),
    };
    if (await run('/plans', body)) {
      setFields({ ...fields, code: '', title: '', issuedOn: '', number: '', notApplicable: '' });
      done();
    }
  };
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t('Ghi một kế hoạch')}</h2>
      <UnitField label={t('Đơn vị')} required errors={refusalsOf(problem, 'unitId')} value={unitId} onChange={setUnitId} />
      <Labelled label={t('Tên kế hoạch')} required errors={refusalsOf(problem, 'title')}>
        {(ids) => <input {...ids} type="text" name="title" value={fields.title} onChange={(event) => set({ title: event.target.value })} />}
      </Labelled>
      <div className="pair">
        <Labelled label={t('Mã')} required hint={t('mẫu báo cáo gọi theo mã, ví dụ cchc')} errors={refusalsOf(problem, 'code')}>
          {(ids) => <input {...ids} type="text" name="code" value={fields.code} onChange={(event) => set({ code: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Năm')} required errors={refusalsOf(problem, 'year')}>
          {(ids) => <input {...ids} type="text" inputMode="numeric" name="year" value={fields.year} onChange={(event) => set({ year: event.target.value })} />}
        </Labelled>
      </div>
      <div className="pair">
        <Labelled label={t('Ngày ban hành')} errors={refusalsOf(problem, 'issuedOn')}>
          {(ids) => <input {...ids} type="date" name="issuedOn" value={fields.issuedOn} onChange={(event) => set({ issuedOn: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Số, ký hiệu')} errors={refusalsOf(problem, 'document')}>
          {(ids) => <input {...ids} type="text" name="number" value={fields.number} onChange={(event) => set({ number: event.target.value })} />}
        </Labelled>
      </div>
      <Labelled label={t('Không áp dụng, vì')} hint={t('báo cáo ghi “-”')} errors={refusalsOf(problem, 'notApplicable')}>
        {(ids) => <input {...ids} type="text" name="notApplicable" value={fields.notApplicable} onChange={(event) => set({ notApplicable: event.target.value })} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {t('Ghi kế hoạch')}
        </button>
      </p>
    </form>
  );
}

function DoneForm({ planId, itemId, actor, done, close }: { planId: string; itemId: string; actor: Actor; done: () => void; close: () => void }) {
  const { problem, sending, run } = useCommand();
  const [doneOn, setDoneOn] = useState('');
  const [evidence, setEvidence] = useState(NO_EVIDENCE);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const document = evidence.number.trim() && evidence.date ? { evidence: { number: evidence.number, date: evidence.date } } : {};
    const files = evidence.files.length > 0 ? { fileIds: evidence.files.map(({ id }) => id) } : {};
    if (await run(`${pathOf(planId)}/items/${encodeURIComponent(itemId)}/done`, { ...(doneOn ? { doneOn } : {}), ...document, ...files })) done();
  };
  return (
    <form className="form rpinline" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={t('Hoàn thành ngày')} hint={t('bỏ trống: hôm nay')} errors={refusalsOf(problem, 'doneOn')}>
        {(ids) => <input {...ids} type="date" name="doneOn" value={doneOn} onChange={(event) => setDoneOn(event.target.value)} />}
      </Labelled>
      <EvidenceFields value={evidence} actor={actor} errors={refusalsOf(problem, 'evidence')} onChange={setEvidence} />
      <FormFoot problem={problem} sending={sending} word={t('Ghi hoàn thành')} close={close} />
    </form>
  );
}

/** A command that needs one line of words and nothing else. */
function LineForm({ label, button, path, name, more = {}, done, close }: { label: string; button: string; path: string; name: string; more?: object; done: () => void; close?: () => void }) {
  const { problem, sending, run } = useCommand();
  const [text, setText] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await run(path, { [name]: text, ...more })) {
      setText('');
      done();
    }
  };
  return (
    <form className="form rpinline" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={label} required errors={refusalsOf(problem, name)}>
        {(ids) => <input {...ids} type="text" name={name} value={text} onChange={(event) => setText(event.target.value)} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn" disabled={sending}>
          {button}
        </button>
        {close ? (
          <button type="button" className="btn plain" onClick={close}>
            {t('Thôi')}
          </button>
        ) : null}
      </p>
    </form>
  );
}

function CorrectForm({ plan, done, close }: { plan: PlanDetail; done: () => void; close: () => void }) {
  const { problem, sending, run } = useCommand();
  const [fields, setFields] = useState({ title: plan.title, issuedOn: plan.issuedOn ?? '', number: plan.document?.number ?? '', reason: '' });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { title, issuedOn, number, reason } = fields;
    const body = {
      ...(title !== plan.title ? { title } : {}),
      ...(issuedOn && issuedOn !== plan.issuedOn ? { issuedOn } : {}),
      ...(number.trim() && issuedOn && (number !== plan.document?.number || issuedOn !== plan.document.date) ? { document: { number, date: issuedOn } } : {}),
      reason,
    };
    if (await run(`${pathOf(plan.id)}/correct`, body)) done();
  };
  return (
    <form className="form rpinline" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={t('Tên kế hoạch')} required errors={refusalsOf(problem, 'title')}>
        {(ids) => <input {...ids} type="text" name="title" value={fields.title} onChange={(event) => setFields({ ...fields, title: event.target.value })} />}
      </Labelled>
      <div className="pair">
        <Labelled label={t('Ngày ban hành')} errors={refusalsOf(problem, 'issuedOn')}>
          {(ids) => <input {...ids} type="date" name="issuedOn" value={fields.issuedOn} onChange={(event) => setFields({ ...fields, issuedOn: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Số, ký hiệu')} errors={refusalsOf(problem, 'document')}>
          {(ids) => <input {...ids} type="text" name="number" value={fields.number} onChange={(event) => setFields({ ...fields, number: event.target.value })} />}
        </Labelled>
      </div>
      <Labelled label={t('Lý do đính chính')} required errors={refusalsOf(problem, 'reason')}>
        {(ids) => <input {...ids} type="text" name="reason" value={fields.reason} onChange={(event) => setFields({ ...fields, reason: event.target.value })} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn" disabled={sending}>
          {t('Đính chính')}
        </button>
        <button type="button" className="btn plain" onClick={close}>
          {t('Thôi')}
        </button>
      </p>
    </form>
  );
}

type Doing = { what: 'done' | 'reopen' | 'remove'; itemId: string } | { what: 'correct' | 'note' } | null;

function PlanItems({ id, may, actor }: { id: string; may: boolean; actor: Actor }) {
  const client = useQueryClient();
  const [doing, setDoing] = useState<Doing>(null);
  const plan = useQuery({ queryKey: ['plans', id], queryFn: ({ signal }) => get<PlanDetail>(pathOf(id), {}, signal), staleTime: 0 });
  if (plan.isError) return <Failure error={plan.error} retry={() => void plan.refetch()} />;
  if (!plan.data) return <Loading what={t('các mục của kế hoạch')} />;
  const close = (): void => setDoing(null);
  const done = (): void => {
    close();
    void client.invalidateQueries({ queryKey: ['plans'] });
  };
  const { items, applicable, note } = plan.data;
  return (
    <div className="rpplan">
      {note ? <p className="quiet">{note}</p> : null}
      {items.length === 0 ? (
        <p className="quiet">{applicable ? t('Chưa nhập mục nào: báo cáo để trống, không ghi 0.') : t('Không áp dụng nên không có mục.')}</p>
      ) : (
        <ol className="rpitems">
          {items.map((item) => (
            <li key={item.itemId} data-item={item.itemId}>
              <p>
                {item.done ? <IconCircleCheck size={16} className="t-done" aria-hidden /> : <IconCircleDashed size={16} className="t-none" aria-hidden />} {item.content}
                <span className="sub">
                  {item.done
                    ? t('xong ngày {{on}}, minh chứng {{evidence}}', { on: day(item.done.on), evidence: item.done.evidence?.number ?? t('{{n}} tệp', { n: item.done.fileIds.length }) })
                    : item.dueOn
                      ? t('chưa xong, đến hạn {{dueOn}}', { dueOn: day(item.dueOn) })
                      : t('chưa xong')}
                </span>
              </p>
              {may && (doing === null || !('itemId' in doing) || doing.itemId !== item.itemId) ? (
                <p className="acts">
                  {item.done ? (
                    <button type="button" className="btn plain" onClick={() => setDoing({ what: 'reopen', itemId: item.itemId })}>
                      {t('Bỏ ghi hoàn thành')}
                      <span className="vh"> {item.content}</span>
                    </button>
                  ) : (
                    <button type="button" className="btn" onClick={() => setDoing({ what: 'done', itemId: item.itemId })}>
                      {t('Hoàn thành')}
                      <span className="vh"> {item.content}</span>
                    </button>
                  )}
                  <button type="button" className="btn plain" onClick={() => setDoing({ what: 'remove', itemId: item.itemId })}>
                    {t('Bỏ mục')}
                    <span className="vh"> {item.content}</span>
                  </button>
                </p>
              ) : null}
              {doing && 'itemId' in doing && doing.itemId === item.itemId ? (
                doing.what === 'done' ? (
                  <DoneForm planId={id} itemId={item.itemId} actor={actor} done={done} close={close} />
                ) : (
                  <LineForm
                    label={t('Lý do')}
                    button={doing.what === 'reopen' ? t('Bỏ ghi hoàn thành') : t('Bỏ mục')}
                    path={`${pathOf(id)}/items/${encodeURIComponent(item.itemId)}/${doing.what}`}
                    name="reason"
                    done={done}
                    close={close}
                  />
                )
              ) : null}
            </li>
          ))}
        </ol>
      )}
      {may ? (
        <>
          {applicable ? <LineForm label={t('Thêm mục')} button={t('Thêm')} path={`${pathOf(id)}/items`} name="content" done={done} /> : null}
          {doing?.what === 'correct' ? <CorrectForm plan={plan.data} done={done} close={close} /> : null}
          {doing?.what === 'note' ? <LineForm label={t('Ghi chú in trong báo cáo')} button={t('Ghi chú')} path={`${pathOf(id)}/notes`} name="note" done={done} close={close} /> : null}
          {doing === null ? (
            <p className="acts">
              <button type="button" className="btn plain" onClick={() => setDoing({ what: 'note' })}>
                {t('Ghi chú')}
              </button>
              <button type="button" className="btn plain" onClick={() => setDoing({ what: 'correct' })}>
                {t('Đính chính kế hoạch')}
              </button>
            </p>
          ) : null}
        </>
      ) : null}
    </div>
  );
}

function countWords({ counts }: PlanLine): string {
  if (counts.kind === 'not-applicable') return t('không áp dụng');
  if (counts.kind === 'blank') return t('chưa báo cáo');
  return t('{{done}}/{{items}} mục xong', { done: count(counts.done), items: count(counts.items) });
}

const ofYear = (shown: string): { readonly year?: string } => (/^\d{4}$/.test(shown) ? { year: shown } : {});

/** `/bao-cao/ke-hoach`: plans with their items, and what proves them done. */
export function PlansPage() {
  const actor = useActor();
  const may = roleOf(actor) === 'office';
  const system = useSystem();
  const client = useQueryClient();
  const { hash } = useLocation();
  const [year, setYear] = useState<string | null>(null);
  const [open, setOpen] = useState<string | null>(hash ? hash.slice(1) : null);
  const shown = year ?? (system.data ? String(reportingYear(local(system.data.now).day)) : '');
  const plans = useInfiniteQuery({
    queryKey: ['plans', 'year', shown],
    queryFn: ({ pageParam, signal }) => get<Page<PlanLine>>('/plans', { limit: '200', cursor: pageParam, ...ofYear(shown) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    enabled: system.data !== undefined,
  });
  const listed = plans.data?.pages.flatMap(({ items }) => items) ?? [];
  useEffect(() => {
    if (hash && plans.data) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' });
  }, [hash, plans.data]);
  return (
    <Frame title={t('Kế hoạch')}>
      <Tabs />
      <h1 className="listh">{t('Kế hoạch của các đơn vị')}</h1>
      <div className="rpcols">
        <section aria-label={t('Các kế hoạch')}>
          <p className="acts">
            <label className="rpyear">
              {t('Năm')}{' '}
              <input type="text" inputMode="numeric" name="shownYear" value={shown} onChange={(event) => setYear(event.target.value)} />
            </label>
          </p>
          {listed.length > 0 ? <ExportLinks path="/plans" query={ofYear(shown)} /> : null}
          {plans.isError ? (
            <Failure error={plans.error} retry={() => void plans.refetch()} />
          ) : !plans.data ? (
            <Loading what={t('các kế hoạch')} />
          ) : listed.length === 0 ? (
            <Nothing under title={t('Chưa có kế hoạch nào của năm này')} advice={may ? t('Ghi kế hoạch ở bên cạnh: phụ lục của báo cáo đếm mục và mục hoàn thành từ đây.') : t('Văn phòng UBND tỉnh ghi kế hoạch.')} />
          ) : (
            <ul className="rpplans">
              {listed.map((plan) => (
                <li key={plan.id} id={plan.id} data-plan={plan.code}>
                  <h2 className="minor">
                    <button type="button" className="rpopen" aria-expanded={open === plan.id} onClick={() => setOpen(open === plan.id ? null : plan.id)}>
                      {plan.title}
                    </button>
                  </h2>
                  <p className="quiet">
                    {plan.unitName} · {plan.issuedOn ? t('ban hành {{on}}', { on: day(plan.issuedOn) }) : t('chưa ghi ngày ban hành')}
                    {plan.document ? ` · ${plan.document.number}` : ''} · <b>{countWords(plan)}</b>
                  </p>
                  {open === plan.id ? <PlanItems id={plan.id} may={may} actor={actor} /> : null}
                </li>
              ))}
            </ul>
          )}
          {plans.data ? <Pager pages={plans} shown={listed.length} total={plans.data.pages[0]!.total} exported /> : null}
        </section>
        {may && system.data ? <PlanForm now={system.data.now} done={() => void client.invalidateQueries({ queryKey: ['plans'] })} /> : null}
      </div>
    </Frame>
  );
}
