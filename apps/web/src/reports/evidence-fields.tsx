import { type Actor } from '../actor.ts';
import { type ProblemItem } from '../api.ts';
import { Labelled } from '../forms/field.tsx';
import { FilesField, type Kept } from '../forms/files-field.tsx';
import { t } from '../i18n.ts';

export interface Evidence {
  number: string;
  date: string;
  files: readonly Kept[];
}
export const NO_EVIDENCE: Evidence = { number: '', date: '', files: [] };

/** What proves a value or a finished item: a document by number and day, files, or both. */
export function EvidenceFields({ value, actor, errors, onChange }: { value: Evidence; actor: Actor; errors: readonly ProblemItem[]; onChange: (value: Evidence) => void }) {
  return (
    <>
      <div className="pair">
        <Labelled label={t('Văn bản minh chứng: số, ký hiệu')} errors={errors}>
          {(ids) => <input {...ids} type="text" name="evidenceNumber" value={value.number} onChange={(event) => onChange({ ...value, number: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Ngày văn bản')}>
          {(ids) => <input {...ids} type="date" name="evidenceDate" value={value.date} onChange={(event) => onChange({ ...value, date: event.target.value })} />}
        </Labelled>
      </div>
      <FilesField label={t('Tệp minh chứng')} files={value.files} actor={actor} errors={[]} onChange={(files) => onChange({ ...value, files })} />
    </>
  );
}
