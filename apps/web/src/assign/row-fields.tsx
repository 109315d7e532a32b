import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { type Deadline } from '../api.ts';
import { count } from '../format.ts';
import { DeadlineField } from '../forms/deadline-field.tsx';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { UnitField, UnitsField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { href, toPresent, type Scope } from '../scope/scope.ts';
import { Cautions } from './cautions.tsx';
import { type DocumentDraft, type RowDraft } from './draft.ts';

/** One task of the document: what, who, until when; once recorded, the way to it. */
export function RowFields({
  row,
  number,
  document,
  only,
  scope,
  onChange,
  onRemove,
}: {
  row: RowDraft;
  number: number;
  document: DocumentDraft;
  only: boolean;
  scope: Scope;
  onChange: (part: Partial<RowDraft>) => void;
  onRemove: () => void;
}) {
  const [reading, setReading] = useState<Deadline | null>(null);
  if (row.recorded) {
    return (
      <div className="given" data-given={row.recorded.id}>
        <p>
          <IconCheck size={16} aria-hidden className="t-done" /> {t('Đã giao:')}{' '}
          <Link to={href(`/viec/${encodeURIComponent(row.recorded.id)}`, toPresent(scope))}>{row.content}</Link>
        </p>
        {row.recorded.warnings.map((warning) => (
          <p key={warning.code} className="warnt" lang={saidIn()}>
            {warning.detail}
          </p>
        ))}
      </div>
    );
  }
  const of = (name: string) => refusalsOf(row.problem, name);
  return (
    <fieldset className="taskrow" data-row={row.key}>
      <legend>{t('Việc {{number}}', { number: count(number) })}</legend>
      <div className="wide">
        <Labelled label={t('Nội dung')} required errors={of('content')}>
          {(ids) => (
            <textarea
              {...ids}
              name="content"
              rows={2}
              value={row.content}
              onChange={(event) => onChange({ content: event.target.value })}
            />
          )}
        </Labelled>
      </div>
      <UnitField
        label={t('Cơ quan chủ trì')}
        required
        errors={of('leadUnitId')}
        value={row.leadUnitId}
        onChange={(leadUnitId) => onChange({ leadUnitId, coordinatingUnitIds: row.coordinatingUnitIds.filter((id) => id !== leadUnitId) })}
      />
      <UnitsField
        label={t('Cơ quan phối hợp')}
        errors={of('coordinatingUnitIds')}
        value={row.coordinatingUnitIds}
        without={row.leadUnitId ? [row.leadUnitId] : []}
        onChange={(coordinatingUnitIds) => onChange({ coordinatingUnitIds })}
      />
      <div className="wide">
        <DeadlineField
          label={t('Thời hạn')}
          draft={row.deadline}
          onChange={(deadline) => onChange({ deadline })}
          onRead={setReading}
          documentDate={document.date}
          receivedOn={document.assignedOn}
          errors={of('deadline')}
        />
      </div>
      <Labelled label={t('Sản phẩm')} errors={of('product')}>
        {(ids) => (
          <input {...ids} name="product" type="text" value={row.product} onChange={(event) => onChange({ product: event.target.value })} />
        )}
      </Labelled>
      <label className="check">
        <input type="checkbox" name="starred" checked={row.starred} onChange={(event) => onChange({ starred: event.target.checked })} />{' '}
        {t('Việc trọng tâm')}
      </label>
      <div className="wide">
        <Cautions content={row.content} unitId={row.leadUnitId} dueOn={reading?.dueOn ?? null} documentNumber={document.number} />
        {row.problem ? <Refusal problem={row.problem} events={[]} /> : null}
        {only ? null : (
          <button type="button" className="btn plain" onClick={onRemove}>
            {t('Bỏ việc {{number}}', { number: count(number) })}
          </button>
        )}
      </div>
    </fieldset>
  );
}
