import { useState, type SubmitEvent } from 'react';
import { type Actor } from '../actor.ts';
import { reportingYear } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { EvidenceFields, NO_EVIDENCE } from './evidence-fields.tsx';
import { FormFoot } from './form-foot.tsx';
import { type Amount, type IndicatorLine } from './types.ts';
import { useCommand, type Refused } from './use-command.ts';
import { amountWords, keptAmount, PART_WORDS, readAmount, typedAmount } from './words.ts';

const pathOf = (id: string): string => `/indicators/${encodeURIComponent(id)}`;
const missing = (): Refused => ({ title: t('Chưa đủ'), detail: t('Cần ghi giá trị.'), errors: [{ pointer: '/amount', detail: t('Cần ghi giá trị.') }] });

/** A new value. It takes the place of the one in force with all its columns and its note, so these are filled in to begin with. */
export function ValueForm({ indicator, actor, today, done, close }: { indicator: IndicatorLine; actor: Actor; today: string; done: () => void; close: () => void }) {
  const { problem, sending, run, refuse } = useCommand();
  const names = [...new Set([...Object.keys(PART_WORDS), ...Object.keys(indicator.parts)])];
  const [typed, setTyped] = useState('');
  const [parts, setParts] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(names.map((name) => [name, typedAmount(indicator.parts[name])])));
  const [validFrom, setValidFrom] = useState(today);
  const [note, setNote] = useState(indicator.note ?? '');
  const [evidence, setEvidence] = useState(NO_EVIDENCE);
  const amount = readAmount(typed);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (amount === undefined) {
      refuse(missing());
      return;
    }
    const said = names.flatMap((name): [string, Amount][] => {
      const part = keptAmount(parts[name] ?? '', indicator.parts[name]);
      return part === undefined ? [] : [[name, part]];
    });
    const proof = {
      ...(evidence.number.trim() ? { number: evidence.number } : {}),
      ...(evidence.date ? { date: evidence.date } : {}),
      ...(evidence.files.length > 0 ? { fileIds: evidence.files.map(({ id }) => id) } : {}),
    };
    const body = {
      amount,
      validFrom,
      ...(said.length > 0 ? { parts: Object.fromEntries(said) } : {}),
      ...(note.trim() ? { note } : {}),
      ...(Object.keys(proof).length > 0 ? { evidence: proof } : {}),
    };
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
      <fieldset className="rpparts">
        <legend>{t('Các cột của phụ lục; để trống: chưa báo cáo')}</legend>
        {names.map((name) => (
          <Labelled key={name} label={PART_WORDS[name] ?? name} errors={refusalsOf(problem, `parts/${name}`)}>
            {(ids) => <input {...ids} type="text" name={`part-${name}`} value={parts[name] ?? ''} onChange={(event) => setParts({ ...parts, [name]: event.target.value })} />}
          </Labelled>
        ))}
      </fieldset>
      <EvidenceFields value={evidence} actor={actor} errors={refusalsOf(problem, 'evidence')} onChange={setEvidence} />
      <Labelled label={t('Ghi chú')} errors={refusalsOf(problem, 'note')}>
        {(ids) => <input {...ids} type="text" name="note" value={note} onChange={(event) => setNote(event.target.value)} />}
      </Labelled>
      <FormFoot problem={problem} sending={sending} word={t('Ghi giá trị')} close={close} />
    </form>
  );
}

/** What is to be reached in a year, by which document. */
export function TargetForm({ indicator, today, done, close }: { indicator: IndicatorLine; today: string; done: () => void; close: () => void }) {
  const { problem, sending, run, refuse } = useCommand();
  const [year, setYear] = useState(String(reportingYear(today)));
  /** Undefined until somebody types: then it is the target of the year that is chosen. */
  const [typed, setTyped] = useState<string>();
  const [number, setNumber] = useState('');
  const [date, setDate] = useState('');
  const before = indicator.targets[year.trim()];
  const shown = typed ?? typedAmount(before);
  const amount = keptAmount(shown, before);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (amount === undefined) {
      refuse(missing());
      return;
    }
    const document = { ...(number.trim() ? { number } : {}), ...(date ? { date } : {}) };
    if (await run(`${pathOf(indicator.id)}/targets`, { year: Number(year), amount, ...(Object.keys(document).length > 0 ? { document } : {}) })) done();
  };
  return (
    <form className="form rpinline" noValidate onSubmit={(event) => void submit(event)}>
      <div className="pair">
        <Labelled label={t('Năm')} required errors={refusalsOf(problem, 'year')}>
          {(ids) => <input {...ids} type="text" inputMode="numeric" name="targetYear" value={year} onChange={(event) => setYear(event.target.value)} />}
        </Labelled>
        <Labelled label={t('Mục tiêu ({{measure}})', { measure: indicator.measure })} required hint={t('số, 95 %, trên 90 %, ngày, “-”, hoặc lời')} errors={refusalsOf(problem, 'amount')}>
          {(ids) => <input {...ids} type="text" name="target" value={shown} onChange={(event) => setTyped(event.target.value)} />}
        </Labelled>
      </div>
      <p className="quiet" aria-live="polite">
        {amount ? t('Sẽ ghi: {{amount}}', { amount: amountWords(amount) }) : ''}
      </p>
      <div className="pair">
        <Labelled label={t('Văn bản giao mục tiêu: số, ký hiệu')} errors={refusalsOf(problem, 'document')}>
          {(ids) => <input {...ids} type="text" name="targetDocument" value={number} onChange={(event) => setNumber(event.target.value)} />}
        </Labelled>
        <Labelled label={t('Ngày văn bản')}>{(ids) => <input {...ids} type="date" name="targetDocumentDate" value={date} onChange={(event) => setDate(event.target.value)} />}</Labelled>
      </div>
      <FormFoot problem={problem} sending={sending} word={t('Ghi mục tiêu')} close={close} />
    </form>
  );
}

/** A new indicator, without a value yet. */
export function DefineForm({ done }: { done: () => void }) {
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
