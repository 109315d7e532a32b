import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type SubmitEvent } from 'react';
import { useLocation } from 'react-router';
import { roleOf, useActor, type Actor } from '../actor.ts';
import { get, type Page } from '../api.ts';
import { day, folded, local } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reports.css';
import { EvidenceFields, NO_EVIDENCE } from './evidence-fields.tsx';
import { Tabs } from './tabs.tsx';
import { type IndicatorLine } from './types.ts';
import { useCommand } from './use-command.ts';
import { amountWords, readAmount } from './words.ts';

const pathOf = (id: string): string => `/indicators/${encodeURIComponent(id)}`;

function ValueForm({ indicator, actor, today, done, close }: { indicator: IndicatorLine; actor: Actor; today: string; done: () => void; close: () => void }) {
  const { problem, sending, run, refuse } = useCommand();
  const [typed, setTyped] = useState('');
  const [validFrom, setValidFrom] = useState(today);
  const [note, setNote] = useState('');
  const [evidence, setEvidence] = useState(NO_EVIDENCE);
  const amount = readAmount(typed);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (amount === undefined) {
      refuse({ title: t('Chưa đủ'), detail: t('Cần ghi giá trị.'), errors: [{ pointer: '/amount', detail: t('Cần ghi giá trị.') }] });
      return;
    }
    const proof = {
      ...(evidence.number.trim() ? { number: evidence.number } : {}),
      ...(evidence.date ? { date: evidence.date } : {}),
      ...(evidence.files.length > 0 ? { fileIds: evidence.files.map(({ id }) => id) } : {}),
    };
    const body = { amount, validFrom, ...(note.trim() ? { note } : {}), ...(Object.keys(proof).length > 0 ? { evidence: proof } : {}) };
    if (await run(`${pathOf(indicator.id)}/values`, body)) done();
  };
  return (
    <form className="form rpinline" noValidate onSubmit={(event) => void submit(event)}>
      <div className="pair">
        <Labelled label={t('Giá trị ({{measure}})', { measure: indicator.measure })} required hint={t('số, 95 %, trên 90 %, ngày, “-”, hoặc lời')} errors={refusalsOf(problem, 'amount')}>
          {(ids) => <input {...ids} type="text" name="amount" value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Labelled>
        <Labelled label={t('Có hiệu lực từ ngày')} required errors={refusalsOf(problem, 'validFrom')}>
          {(ids) => <input {...ids} type="date" name="validFrom" max={today} value={validFrom} onChange={(event) => setValidFrom(event.target.value)} />}
        </Labelled>
      </div>
      <p className="quiet" aria-live="polite">
        {amount ? t('Sẽ ghi: {{amount}}', { amount: amountWords(amount) }) : ''}
      </p>
      <EvidenceFields value={evidence} actor={actor} errors={refusalsOf(problem, 'evidence')} onChange={setEvidence} />
      <Labelled label={t('Ghi chú')} errors={refusalsOf(problem, 'note')}>
        {(ids) => <input {...ids} type="text" name="note" value={note} onChange={(event) => setNote(event.target.value)} />}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {t('Ghi giá trị')}
        </button>
        <button type="button" className="btn" onClick={close}>
          {t('Thôi')}
        </button>
      </p>
    </form>
  );
}

function DefineForm({ done }: { done: () => void }) {
  const { problem, sending, run, refuse } = useCommand();
  const [unitId, setUnitId] = useState<string | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [fields, setFields] = useState({ code: '', name: '', measure: '' });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (unitId === null) {
      refuse({ title: t('Chưa đủ'), detail: t('Cần chọn đơn vị.'), errors: [{ pointer: '/unitId', detail: t('Cần chọn đơn vị.') }] });
      return;
    }
    if (await run('/indicators', { unitId, ...fields, code: fields.code.trim(), ...(owner ? { ownerUnitId: owner } : {}) })) {
      setFields({ code: '', name: '', measure: '' });
      done();
    }
  };
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t('Thêm một chỉ tiêu')}</h2>
      <UnitField label={t('Đơn vị')} required errors={refusalsOf(problem, 'unitId')} value={unitId} onChange={setUnitId} />
      <Labelled label={t('Tên chỉ tiêu')} required errors={refusalsOf(problem, 'name')}>
        {(ids) => <input {...ids} type="text" name="name" value={fields.name} onChange={(event) => setFields({ ...fields, name: event.target.value })} />}
      </Labelled>
      <div className="pair">
        <Labelled label={t('Mã')} required hint={t('mẫu báo cáo gọi theo mã')} errors={refusalsOf(problem, 'code')}>
          {(ids) => <input {...ids} type="text" name="code" value={fields.code} onChange={(event) => setFields({ ...fields, code: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Đơn vị tính')} required errors={refusalsOf(problem, 'measure')}>
          {(ids) => <input {...ids} type="text" name="measure" value={fields.measure} onChange={(event) => setFields({ ...fields, measure: event.target.value })} />}
        </Labelled>
      </div>
      <UnitField label={t('Nơi chịu trách nhiệm')} hint={t('bỏ trống: chính đơn vị')} errors={refusalsOf(problem, 'ownerUnitId')} value={owner} onChange={setOwner} />
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {t('Thêm chỉ tiêu')}
        </button>
      </p>
    </form>
  );
}

/** `/bao-cao/chi-so`: indicators with the value in force, its evidence, and since when. */
export function IndicatorsPage() {
  const actor = useActor();
  const may = roleOf(actor) === 'office';
  const system = useSystem();
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const { hash } = useLocation();
  const [typed, setTyped] = useState('');
  const indicators = useQuery({
    queryKey: ['indicators'],
    queryFn: async ({ signal }) => {
      const items: IndicatorLine[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page<IndicatorLine> = await get<Page<IndicatorLine>>('/indicators', { limit: '200', ...(cursor ? { cursor } : {}) }, signal);
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
  });
  useEffect(() => {
    if (hash && indicators.data) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' });
  }, [hash, indicators.data]);
  const done = (): void => {
    setOpen(null);
    void client.invalidateQueries({ queryKey: ['indicators'] });
  };
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const found = (indicators.data ?? []).filter((one) => words.every((word) => folded(`${one.name} ${one.code} ${one.unitName}`).includes(word)));
  return (
    <Frame title={t('Chỉ tiêu, chỉ số')}>
      <Tabs />
      <h1 className="listh">{t('Chỉ tiêu, chỉ số của các đơn vị')}</h1>
      <div className="rpcols">
        <section aria-label={t('Các chỉ tiêu')}>
          {indicators.isError ? (
            <Failure error={indicators.error} retry={() => void indicators.refetch()} />
          ) : !indicators.data ? (
            <Loading what={t('các chỉ tiêu')} />
          ) : indicators.data.length === 0 ? (
            <Nothing under title={t('Chưa có chỉ tiêu nào')} advice={may ? t('Thêm chỉ tiêu ở bên cạnh, rồi ghi giá trị với minh chứng: báo cáo lấy số từ đây.') : t('Văn phòng UBND tỉnh ghi chỉ tiêu.')} />
          ) : (
            <>
              <p className="acts">
                <label className="rpyear">
                  {t('Lọc')} <input type="search" name="filter" value={typed} placeholder={t('Gõ tên, không cần dấu')} onChange={(event) => setTyped(event.target.value)} />
                </label>
              </p>
              <ul className="rpplans">
                {found.map((one) => (
                  <li key={one.id} id={one.id} data-indicator={one.code}>
                    <h2 className="minor">{one.name}</h2>
                    <p>
                      <b>{amountWords(one.amount)}</b>{' '}
                      <span className="quiet">
                        {one.measure} · {one.ownerUnitName}
                        {one.validFrom ? ` · ${t('từ ngày {{day}}', { day: day(one.validFrom) })}` : ''}
                        {one.carriedOver ? ` · ${t('lấy từ kỳ trước')}` : ''}
                        {one.evidence?.number || one.evidence?.title ? ` · ${t('minh chứng {{evidence}}', { evidence: one.evidence.number ?? one.evidence.title ?? '' })}` : ''}
                      </span>
                    </p>
                    {may && system.data ? (
                      open === one.id ? (
                        <ValueForm indicator={one} actor={actor} today={local(system.data.now).day} done={done} close={() => setOpen(null)} />
                      ) : (
                        <p className="acts">
                          <button type="button" className="btn" onClick={() => setOpen(one.id)}>
                            {t('Ghi giá trị')}
                            <span className="vh"> {one.name}</span>
                          </button>
                        </p>
                      )
                    ) : null}
                  </li>
                ))}
              </ul>
              {found.length === 0 ? <p className="quiet">{t('Không chỉ tiêu nào khớp.')}</p> : null}
            </>
          )}
        </section>
        {may ? <DefineForm done={done} /> : null}
      </div>
    </Frame>
  );
}
