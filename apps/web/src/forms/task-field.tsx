import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { get, type Page, type ProblemItem, type TaskItem } from '../api.ts';
import { Combo } from './combo.tsx';
import { Labelled } from './field.tsx';

/** Another task, found by its code, its words or its document. */
export function TaskField({
  label,
  errors,
  not,
  value,
  onChange,
}: {
  label: string;
  errors: readonly ProblemItem[];
  not: string;
  value: string | null;
  onChange: (id: string | null) => void;
}) {
  const [typed, setTyped] = useState('');
  const [name, setName] = useState<string | null>(null);
  const q = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ['task-field', q],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', { q, limit: '10' }, signal),
    enabled: q.length > 1,
  });
  return (
    <Labelled label={label} required errors={errors}>
      {(ids) => (
        <Combo
          ids={ids}
          shown={value === null ? null : name}
          typed={typed}
          options={(found.data?.items ?? [])
            .filter((task) => task.id !== not)
            .map((task) => ({
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
          placeholder="Gõ mã, nội dung hoặc số văn bản"
          required
          empty={q.length > 1 ? 'Không thấy việc nào khớp' : 'Gõ ít nhất hai chữ'}
        />
      )}
    </Labelled>
  );
}
