import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { get, type Page, type ProblemItem, type Query, type TaskItem } from '../api.ts';
import { t } from '../i18n.ts';
import { Combo } from './combo.tsx';
import { Labelled } from './field.tsx';

/** Another task, found by its code, its words or its document. */
export function TaskField({
  label,
  errors,
  not,
  value,
  named = null,
  required = true,
  onChange,
}: {
  label: string;
  errors: readonly ProblemItem[];
  not: string;
  value: string | null;
  /** What a task is called that was not chosen here. */
  named?: string | null;
  required?: boolean;
  onChange: (id: string | null) => void;
}) {
  const [typed, setTyped] = useState('');
  const [name, setName] = useState<string | null>(null);
  const q = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ['task-field', q],
    queryFn: async ({ signal }) => {
      const ask = (query: Query) => get<Page<TaskItem>>('/tasks', { ...query, limit: '10' }, signal);
      // A whole number of a document first: as words it would also find longer ones.
      const [numbered, worded] = await Promise.all([q.includes('/') ? ask({ documentNumber: q }) : null, ask({ q })]);
      const all = [...(numbered?.items ?? []), ...worded.items];
      return all.filter((task, at) => task.id !== not && all.findIndex((one) => one.id === task.id) === at).slice(0, 10);
    },
    enabled: q.length > 1,
  });
  return (
    <Labelled label={label} required={required} errors={errors}>
      {(ids) => (
        <Combo
          ids={ids}
          shown={value === null ? null : (named ?? name)}
          typed={typed}
          options={(found.data ?? []).map((task) => ({
            value: task.id,
            text: `${task.code} ${task.content}`,
            note: [task.documentNumber, task.leadUnitName].filter(Boolean).join(', '),
          }))}
          onType={(text) => {
            setTyped(text);
            if (value !== null) onChange(null);
          }}
          onPick={(option) => {
            setName(option.text);
            onChange(option.value);
          }}
          placeholder={t('Gõ mã, nội dung hoặc số văn bản')}
          required={required}
          empty={q.length > 1 ? t('Không thấy việc nào khớp') : t('Gõ ít nhất hai chữ')}
        />
      )}
    </Labelled>
  );
}
