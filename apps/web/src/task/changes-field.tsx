import { IconX } from '@tabler/icons-react';
import { type Deadline, type ProblemItem, type Task } from '../api.ts';
import { isDay } from '../format.ts';
import { AuthorityOptions } from '../forms/authority-options.tsx';
import { deadlineInput, DeadlineField, emptyDeadline, type DeadlineDraft } from '../forms/deadline-field.tsx';
import { FieldErrors, Labelled } from '../forms/field.tsx';
import { UnitField, UnitsField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { useUnits } from '../scope/units.ts';
import { FIELD_WORDS } from './field-words.ts';
import { valueWords } from './story.tsx';

type Correctable =
  'content' | 'product' | 'authority' | 'leadUnitId' | 'coordinatingUnitIds' | 'assignedOn' | 'deadline' | 'document' | 'field' | 'starred';
const FIELDS: readonly Correctable[] = [
  'content',
  'product',
  'authority',
  'leadUnitId',
  'coordinatingUnitIds',
  'assignedOn',
  'deadline',
  'document',
  'field',
  'starred',
];

export interface ChangeDraft {
  field: Correctable;
  text: string;
  ids: readonly string[];
  deadline: DeadlineDraft;
  document: { number: string; date: string; issuer: string; title: string };
}

const oldValue = (task: Task, field: Correctable): unknown =>
  field === 'coordinatingUnitIds'
    ? task.coordinatingUnits.map((unit) => unit.id)
    : field === 'deadline'
      ? (task.originalDeadline ?? task.deadline)
      : task[field];

function draftOf(task: Task, field: Correctable): ChangeDraft {
  const old = oldValue(task, field);
  const { document } = task;
  return {
    field,
    text: field === 'starred' ? (task.starred ? '' : 'co') : typeof old === 'string' ? old : '',
    ids: Array.isArray(old) ? (old as string[]) : [],
    deadline: emptyDeadline(),
    document: { number: document?.number ?? '', date: document?.date ?? '', issuer: document?.issuer ?? '', title: document?.title ?? '' },
  };
}

/** Only what differs from what stands; an optional field emptied is taken away. */
export function changesBody(drafts: readonly ChangeDraft[], task: Task): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const draft of drafts) {
    const { field } = draft;
    const old = oldValue(task, field);
    if (field === 'deadline') {
      const input = deadlineInput(draft.deadline);
      if (input) body[field] = input;
    } else if (field === 'coordinatingUnitIds') {
      if (JSON.stringify(draft.ids) !== JSON.stringify(old)) body[field] = draft.ids;
    } else if (field === 'document') {
      const { signerTitle, urgency } = task.document ?? {};
      const now = { ...draft.document, ...(signerTitle ? { signerTitle } : {}), ...(urgency ? { urgency } : {}) };
      if (JSON.stringify(draft.document) !== JSON.stringify(draftOf(task, 'document').document)) body[field] = now;
    } else if (field === 'starred') {
      if ((draft.text === 'co') !== (task.starred ?? false)) body[field] = draft.text === 'co';
    } else if (field === 'assignedOn') {
      if (isDay(draft.text) && draft.text !== old) body[field] = draft.text;
    } else {
      const text = draft.text.trim();
      // A unit being typed is no unit yet.
      if (field === 'leadUnitId' && text === '') continue;
      if (text !== (old ?? '')) body[field] = text === '' && (field === 'product' || field === 'field') ? null : text;
    }
  }
  return body;
}

/** What was given wrongly: each field with the value that stands and the one that should. */
export function ChangesField({
  task,
  drafts,
  onChange,
  errors,
  onRead,
}: {
  task: Task;
  drafts: readonly ChangeDraft[];
  onChange: (drafts: ChangeDraft[]) => void;
  errors: readonly ProblemItem[];
  onRead: (deadline: Deadline | null) => void;
}) {
  const units = useUnits();
  const left = FIELDS.filter((field) => !drafts.some((draft) => draft.field === field));
  const set = (field: Correctable, part: Partial<ChangeDraft>) =>
    onChange(drafts.map((draft) => (draft.field === field ? { ...draft, ...part } : draft)));
  return (
    <fieldset className="changes">
      <legend>{t('Sửa những gì')}</legend>
      {drafts.map((draft) => (
        <div key={draft.field} className="chg">
          <p className="quiet">
            {FIELD_WORDS[draft.field]}
            {t(', đang ghi:')} <b>{valueWords(draft.field, oldValue(task, draft.field), units.data ?? [])}</b>{' '}
            <button type="button" className="chip" onClick={() => onChange(drafts.filter((one) => one !== draft))}>
              {t('Không sửa mục này')}
              <IconX size={14} aria-hidden />
            </button>
          </p>
          <ChangeInput
            draft={draft}
            task={task}
            set={(part) => set(draft.field, part)}
            errors={errors.filter((item) => item.pointer?.startsWith(`/changes/${draft.field}`))}
            onRead={onRead}
          />
        </div>
      ))}
      {left.length > 0 ? (
        <Labelled
          label={drafts.length === 0 ? t('Mục cần sửa') : t('Thêm mục cần sửa')}
          required={drafts.length === 0}
          errors={errors.filter((item) => item.pointer === '/changes')}
        >
          {(ids) => (
            <select
              {...ids}
              name="addChange"
              value=""
              onChange={(event) => {
                const field = FIELDS.find((one) => one === event.target.value);
                if (field) onChange([...drafts, draftOf(task, field)]);
              }}
            >
              <option value="">{t('Chọn mục')}</option>
              {left.map((field) => (
                <option key={field} value={field}>
                  {FIELD_WORDS[field]}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      ) : null}
    </fieldset>
  );
}

function ChangeInput({
  draft,
  task,
  set,
  errors,
  onRead,
}: {
  draft: ChangeDraft;
  task: Task;
  set: (part: Partial<ChangeDraft>) => void;
  errors: readonly ProblemItem[];
  onRead: (deadline: Deadline | null) => void;
}) {
  const label = t('{{field}}, đúng ra là', { field: FIELD_WORDS[draft.field] ?? draft.field });
  switch (draft.field) {
    case 'content':
      return (
        <Labelled label={label} required errors={errors}>
          {(ids) => (
            <textarea {...ids} name="content" rows={3} value={draft.text} onChange={(event) => set({ text: event.target.value })} />
          )}
        </Labelled>
      );
    case 'product':
    case 'field':
      return (
        <Labelled label={label} errors={errors}>
          {(ids) => (
            <input {...ids} name={draft.field} type="text" value={draft.text} onChange={(event) => set({ text: event.target.value })} />
          )}
        </Labelled>
      );
    case 'assignedOn':
      return (
        <Labelled label={label} required errors={errors}>
          {(ids) => (
            <input {...ids} name="assignedOn" type="date" value={draft.text} onChange={(event) => set({ text: event.target.value })} />
          )}
        </Labelled>
      );
    case 'authority':
    case 'starred':
      return (
        <Labelled label={label} required errors={errors}>
          {(ids) => (
            <select {...ids} name={draft.field} value={draft.text} onChange={(event) => set({ text: event.target.value })}>
              {draft.field === 'starred' ? (
                <>
                  <option value="co">{t('có')}</option>
                  <option value="">{t('không')}</option>
                </>
              ) : (
                <AuthorityOptions />
              )}
            </select>
          )}
        </Labelled>
      );
    case 'leadUnitId':
      return <UnitField label={label} required errors={errors} value={draft.text || null} onChange={(id) => set({ text: id ?? '' })} />;
    case 'coordinatingUnitIds':
      return <UnitsField label={label} errors={errors} value={draft.ids} without={[task.leadUnitId]} onChange={(ids) => set({ ids })} />;
    case 'deadline':
      return (
        <DeadlineField
          label={label}
          draft={draft.deadline}
          onChange={(deadline) => set({ deadline })}
          onRead={onRead}
          documentDate={task.document?.date ?? null}
          receivedOn={task.assignedOn}
          errors={errors}
        />
      );
    case 'document':
      return (
        <div className="docf">
          {(['number', 'date', 'issuer', 'title'] as const).map((part) => (
            <Labelled
              key={part}
              label={{ number: t('Số, ký hiệu'), date: t('Ngày'), issuer: t('Cơ quan ban hành'), title: t('Trích yếu') }[part]}
              required
            >
              {(ids) => (
                <input
                  {...ids}
                  name={`document-${part}`}
                  type={part === 'date' ? 'date' : 'text'}
                  value={draft.document[part]}
                  onChange={(event) => set({ document: { ...draft.document, [part]: event.target.value } })}
                />
              )}
            </Labelled>
          ))}
          <FieldErrors errors={errors} />
        </div>
      );
  }
}
