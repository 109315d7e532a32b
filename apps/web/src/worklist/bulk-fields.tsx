import { type Problem } from '../api.ts';
import { isDay } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { type Action, type Field } from '../task/action-specs.ts';

/** Commands that can be given to many tasks, as the server has them. */
export const BULK_SEGMENTS: ReadonlySet<string> = new Set([
  'receive', 'progress', 'completion-submissions', 'completion-confirmations', 'completion-refusals', 'extension-requests', 'extension-grants', 'extension-refusals', 'deadline',
  'return-proposals', 'return-acceptances', 'return-refusals', 'transfer', 'suspend', 'resume', 'reopen', 'withdraw', 'cancel', 'urge', 'agenda', 'explanation-requests', 'explanations',
]);

export interface BulkValues {
  texts: Readonly<Record<string, string>>;
  unitId: string | null;
  /** Of an extension: by so many working days, or to one day. */
  by: 'days' | 'date';
  days: string;
  date: string;
  resultNumber: string;
  resultDate: string;
}
export const NO_VALUES: BulkValues = { texts: {}, unitId: null, by: 'days', days: '5', date: '', resultNumber: '', resultDate: '' };

const extendsBy = (action: Action): boolean => action.segment === 'extension-grants' || action.segment === 'extension-requests';

/** The body that all of the tasks share, or the first field that is still missing. */
export function bulkBody(action: Action, values: BulkValues): { body: Record<string, unknown> } | { missing: string; says: string } {
  const body: Record<string, unknown> = {};
  for (const field of action.fields) {
    const text = (values.texts[field.name] ?? '').trim();
    const missing = { missing: field.name, says: t('Cần điền “{{label}}”.', { label: field.label }) };
    if (field.kind === 'deadline') {
      if (extendsBy(action) && values.by === 'days') {
        if (!/^\d{1,3}$/.test(values.days) || Number(values.days) < 1) return missing;
        body['addWorkingDays'] = Number(values.days);
      } else if (isDay(values.date)) body['deadline'] = { date: values.date };
      else if (field.required) return missing;
    } else if (field.kind === 'unit') {
      if (!values.unitId) return missing;
      body[field.name] = values.unitId;
    } else if (field.kind === 'result') {
      if (!values.resultNumber.trim() || !isDay(values.resultDate)) return { missing: field.name, says: t('Cần số và ngày của văn bản kết quả.') };
      body[field.name] = { number: values.resultNumber.trim(), date: values.resultDate };
    } else if (field.kind === 'percent') {
      if (text) body[field.name] = Number(text);
    } else if (field.kind !== 'files') {
      if (text) body[field.name] = text;
      else if (field.required) return missing;
    }
  }
  return { body };
}

/** The same words and names as the form of the single command; what is about one task alone is left out. */
export function BulkField({ field, action, values, change, problem }: { field: Field; action: Action; values: BulkValues; change: (part: Partial<BulkValues>) => void; problem: Problem | null }) {
  const errors = refusalsOf(problem, field.name);
  const shared = { label: field.label, hint: field.hint, required: field.required, errors };
  const text = values.texts[field.name] ?? '';
  const setText = (value: string) => change({ texts: { ...values.texts, [field.name]: value } });
  switch (field.kind) {
    case 'area':
      return <Labelled {...shared}>{(ids) => <textarea {...ids} name={field.name} rows={2} value={text} onChange={(event) => setText(event.target.value)} />}</Labelled>;
    case 'text':
    case 'channel':
      return <Labelled {...shared}>{(ids) => <input {...ids} type="text" name={field.name} value={text} onChange={(event) => setText(event.target.value)} />}</Labelled>;
    case 'percent':
      return (
        <Labelled {...shared}>{(ids) => <input {...ids} type="number" inputMode="numeric" min={0} max={100} name={field.name} value={text} onChange={(event) => setText(event.target.value)} />}</Labelled>
      );
    case 'unit':
      return <UnitField label={field.label} required={field.required} errors={errors} value={values.unitId} onChange={(unitId) => change({ unitId })} />;
    case 'result':
      return (
        <fieldset className="pair">
          <legend>{field.label}</legend>
          <Labelled label={t('Số, ký hiệu')} required errors={errors}>
            {(ids) => <input {...ids} type="text" name="resultNumber" value={values.resultNumber} onChange={(event) => change({ resultNumber: event.target.value })} />}
          </Labelled>
          <Labelled label={t('Ngày')} required>
            {(ids) => <input {...ids} type="date" name="resultDate" value={values.resultDate} onChange={(event) => change({ resultDate: event.target.value })} />}
          </Labelled>
        </fieldset>
      );
    case 'deadline': {
      const date = (
        <Labelled label={extendsBy(action) ? t('Đến ngày') : field.label} required={field.required} errors={errors} {...(field.required ? {} : { hint: t('để trống thì giữ hạn đang có') })}>
          {(ids) => <input {...ids} type="date" name="bulkDate" value={values.date} onChange={(event) => change({ date: event.target.value })} />}
        </Labelled>
      );
      if (!extendsBy(action)) return date;
      return (
        <fieldset>
          <legend>{field.label}</legend>
          <p className="kinds">
            <label>
              <input type="radio" name="bulkBy" checked={values.by === 'days'} onChange={() => change({ by: 'days' })} /> {t('Thêm số ngày làm việc')}
            </label>
            <label>
              <input type="radio" name="bulkBy" checked={values.by === 'date'} onChange={() => change({ by: 'date' })} /> {t('Đến một ngày')}
            </label>
          </p>
          {values.by === 'days' ? (
            <Labelled label={t('Thêm bao nhiêu ngày làm việc')} required errors={errors} hint={t('kể từ hạn đang có của từng việc, hoặc từ hôm nay nếu hạn đã qua')}>
              {(ids) => <input {...ids} type="number" inputMode="numeric" min={1} max={250} name="bulkDays" value={values.days} onChange={(event) => change({ days: event.target.value })} />}
            </Labelled>
          ) : (
            date
          )}
        </fieldset>
      );
    }
    default:
      return null;
  }
}
