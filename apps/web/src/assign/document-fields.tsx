import { type Problem } from '../api.ts';
import { isDay } from '../format.ts';
import { AuthorityOptions } from '../forms/authority-options.tsx';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { t } from '../i18n.ts';
import { URGENCIES } from '../urgencies.ts';
import { type DocumentDraft } from './draft.ts';

/** As it is recorded, and in the reader's words. */
/** The directive document; `locked` once a task of it is recorded. */
export function DocumentFields({
  document,
  today,
  problem,
  locked,
  onChange,
}: {
  document: DocumentDraft;
  today: string;
  problem: Problem | null;
  locked: boolean;
  onChange: (part: Partial<DocumentDraft>) => void;
}) {
  const of = (name: string) => refusalsOf(problem, name);
  const text = (name: 'number' | 'issuer' | 'signerTitle' | 'title', label: string, required: boolean, hint?: string) => (
    <Labelled label={label} required={required} hint={hint} errors={of(`document/${name}`)}>
      {(ids) => (
        <input
          {...ids}
          name={name}
          type="text"
          value={document[name]}
          disabled={locked}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Labelled>
  );
  return (
    <fieldset className="doc">
      <legend>{t('Văn bản')}</legend>
      {text('number', t('Số, ký hiệu'), true)}
      <Labelled label={t('Ngày văn bản')} required errors={of('document/date')}>
        {(ids) => (
          <input
            {...ids}
            name="date"
            type="date"
            max={today}
            value={document.date}
            disabled={locked}
            onChange={(event) => onChange({ date: event.target.value })}
          />
        )}
      </Labelled>
      {text('issuer', t('Cơ quan ban hành'), true)}
      {text('signerTitle', t('Chức vụ người ký'), false)}
      <div className="wide">{text('title', t('Trích yếu'), true)}</div>
      <Labelled label={t('Độ khẩn')} errors={of('document/urgency')}>
        {(ids) => (
          <select
            {...ids}
            name="urgency"
            value={document.urgency}
            disabled={locked}
            onChange={(event) => onChange({ urgency: event.target.value })}
          >
            <option value="">{t('Thường')}</option>
            {URGENCIES.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={t('Cơ quan giao')} required errors={of('authority')}>
        {(ids) => (
          <select {...ids} name="authority" value={document.authority} onChange={(event) => onChange({ authority: event.target.value })}>
            <AuthorityOptions />
          </select>
        )}
      </Labelled>
      <Labelled label={t('Ngày giao')} required errors={of('assignedOn')}>
        {(ids) => (
          <input
            {...ids}
            name="assignedOn"
            type="date"
            max={today}
            value={document.assignedOn}
            onChange={(event) => onChange({ assignedOn: event.target.value })}
          />
        )}
      </Labelled>
      {isDay(document.assignedOn) && document.assignedOn < today ? (
        <div className="wide">
          <Labelled label={t('Vì sao nay mới ghi')} hint={t('cần khi ngày giao sớm hơn hai ngày làm việc')} errors={of('backdateReason')}>
            {(ids) => (
              <input
                {...ids}
                name="backdateReason"
                type="text"
                value={document.backdateReason}
                onChange={(event) => onChange({ backdateReason: event.target.value })}
              />
            )}
          </Labelled>
        </div>
      ) : null}
    </fieldset>
  );
}
