import { type Deadline, type Problem, type Task, type TaskEvent } from '../api.ts';
import { moment } from '../format.ts';
import { DeadlineField, type DeadlineDraft } from '../forms/deadline-field.tsx';
import { FieldErrors, Labelled, refusalsOf } from '../forms/field.tsx';
import { FilesField, type Kept } from '../forms/files-field.tsx';
import { TaskField } from '../forms/task-field.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { asRecorded, t } from '../i18n.ts';
import { type Field } from './action-specs.ts';
import { ChangesField, type ChangeDraft } from './changes-field.tsx';

/** Everything a form of a task can hold; each command uses a few of them. */
export interface Values {
  texts: Readonly<Record<string, string>>;
  deadline: DeadlineDraft;
  unitId: string | null;
  resultNumber: string;
  resultDate: string;
  files: readonly Kept[];
  eventId: string | null;
  taskId: string | null;
  changes: readonly ChangeDraft[];
}

interface Props {
  field: Field;
  values: Values;
  change: (part: Partial<Values>) => void;
  problem: Problem | null;
  task: Task;
  events: readonly TaskEvent[];
  actor: string;
  onRead: (deadline: Deadline | null) => void;
}

/** As it is recorded, and in the reader's words. */
const CHANNELS: readonly (readonly [string, string])[] = [
  [asRecorded('Văn bản'), t('Văn bản')],
  [asRecorded('Điện thoại'), t('Điện thoại')],
  [asRecorded('Tin nhắn'), t('Tin nhắn')],
  [asRecorded('Trực tiếp tại cuộc họp'), t('Trực tiếp tại cuộc họp')],
];
const SYSTEM_FACTS = new Set(['TaskAssigned', 'TaskBecameOverdue', 'TaskVoided']);

export function FormField(props: Props) {
  const { field, values, change, problem, task } = props;
  const errors = refusalsOf(problem, field.name);
  const text = values.texts[field.name] ?? '';
  const setText = (value: string) => change({ texts: { ...values.texts, [field.name]: value } });
  const shared = { label: field.label, hint: field.hint, required: field.required, errors };
  switch (field.kind) {
    case 'area':
      return (
        <Labelled {...shared}>
          {(ids) => <textarea {...ids} name={field.name} rows={3} value={text} onChange={(event) => setText(event.target.value)} />}
        </Labelled>
      );
    case 'text':
      return (
        <Labelled {...shared}>
          {(ids) => <input {...ids} name={field.name} type="text" value={text} onChange={(event) => setText(event.target.value)} />}
        </Labelled>
      );
    case 'percent':
      return (
        <Labelled {...shared}>
          {(ids) => (
            <input
              {...ids}
              name={field.name}
              type="number"
              inputMode="numeric"
              min={0}
              max={100}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Labelled>
      );
    case 'channel':
      return (
        <Labelled {...shared}>
          {(ids) => (
            <select {...ids} name={field.name} value={text} onChange={(event) => setText(event.target.value)}>
              <option value="">{t('Không ghi')}</option>
              {CHANNELS.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      );
    case 'deadline':
      return (
        <DeadlineField
          label={field.label}
          draft={values.deadline}
          onChange={(deadline) => change({ deadline })}
          onRead={props.onRead}
          documentDate={task.document?.date ?? null}
          receivedOn={null}
          {...(field.required ? {} : { keep: t('Giữ hạn đang có') })}
          allowNone={false}
          errors={errors}
        />
      );
    case 'unit':
      return (
        <UnitField
          label={field.label}
          required={field.required}
          errors={errors}
          value={values.unitId}
          without={[task.leadUnitId]}
          onChange={(unitId) => change({ unitId })}
        />
      );
    case 'coordinator':
      return (
        <Labelled {...shared}>
          {(ids) => (
            <select
              {...ids}
              name={field.name}
              value={values.unitId ?? ''}
              onChange={(event) => change({ unitId: event.target.value || null })}
            >
              <option value="">{t('Chọn đơn vị')}</option>
              {task.coordinatingUnits.map((unit) => (
                <option key={unit.id} value={unit.id}>
                  {unit.answeredAt ? t('{{name}} (đã trả lời)', { name: unit.name }) : unit.name}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      );
    case 'result':
      return <ResultFields {...props} />;
    case 'files':
      return (
        <FilesField label={field.label} files={values.files} actor={props.actor} errors={errors} onChange={(files) => change({ files })} />
      );
    case 'task':
      return (
        <TaskField label={field.label} errors={errors} not={task.id} value={values.taskId} onChange={(taskId) => change({ taskId })} />
      );
    case 'fact':
      return <FactField {...props} />;
    case 'changes':
      return (
        <ChangesField
          task={task}
          drafts={values.changes}
          onChange={(changes) => change({ changes })}
          errors={errors}
          onRead={props.onRead}
        />
      );
  }
}

function ResultFields({ field, values, change, problem }: Props) {
  const errors = refusalsOf(problem, field.name);
  const of = (part: string) => errors.filter((item) => item.pointer?.endsWith(`/${part}`));
  return (
    <fieldset className={errors.length > 0 ? 'pair wrong' : 'pair'}>
      <legend>{field.label}</legend>
      <Labelled label={t('Số, ký hiệu')} required errors={of('number')}>
        {(ids) => (
          <input
            {...ids}
            name="resultNumber"
            type="text"
            value={values.resultNumber}
            onChange={(event) => change({ resultNumber: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('Ngày')} required errors={of('date')}>
        {(ids) => (
          <input
            {...ids}
            name="resultDate"
            type="date"
            value={values.resultDate}
            onChange={(event) => change({ resultDate: event.target.value })}
          />
        )}
      </Labelled>
      <FieldErrors errors={errors.filter((item) => item.pointer === `/${field.name}`)} />
    </fieldset>
  );
}

/** Facts that can be annulled: still in force, and not the assignment itself (that one is voided or corrected). */
function FactField({ field, values, change, problem, events }: Props) {
  const facts = events.filter((event) => event.effective && event.annulledBy === null && !SYSTEM_FACTS.has(event.type));
  return (
    <Labelled label={field.label} required errors={refusalsOf(problem, field.name)}>
      {(ids) => (
        <select
          {...ids}
          name={field.name}
          value={values.eventId ?? ''}
          onChange={(event) => change({ eventId: event.target.value || null })}
        >
          <option value="">{t('Chọn một ghi nhận')}</option>
          {[...facts].reverse().map((event) => (
            <option key={event.id} value={event.id}>
              {event.name}, {moment(event.occurredAt)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
