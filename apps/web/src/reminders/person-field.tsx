import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Page, type ProblemItem } from '../api.ts';
import { Combo } from '../forms/combo.tsx';
import { Labelled } from '../forms/field.tsx';
import { t } from '../i18n.ts';

export interface PersonChoice {
  id: string;
  name: string;
}

interface Found extends PersonChoice {
  unitName: string;
  roleName: string;
  leftOn: string | null;
}

const MOST = 12;

/** One person of the directory, found by typing without tone marks: the server looks, for the directory may be long. */
export function PersonField({ label, actor, value, errors, onChange }: { label: string; actor: string; value: PersonChoice | null; errors: readonly ProblemItem[]; onChange: (person: PersonChoice | null) => void }) {
  const [typed, setTyped] = useState('');
  const people = useQuery({
    queryKey: ['people', 'found', actor, typed],
    queryFn: ({ signal }) => get<Page<Found>>('/people', { q: typed.trim(), limit: String(MOST) }, signal, actor),
    placeholderData: keepPreviousData,
  });
  const found = (people.data?.items ?? []).filter(({ leftOn }) => leftOn === null);
  return (
    <Labelled label={label} required errors={errors}>
      {(ids) => (
        <Combo
          ids={ids}
          shown={value?.name ?? null}
          typed={typed}
          options={found.map(({ id, name, unitName, roleName }) => ({ value: id, text: name, note: `${roleName} · ${unitName}` }))}
          onType={(text) => {
            setTyped(value !== null && text.startsWith(value.name) ? text.slice(value.name.length) : text);
            if (value !== null) onChange(null);
          }}
          onPick={(option) => {
            setTyped('');
            onChange({ id: option.value, name: option.text });
          }}
          placeholder={t('Gõ tên, không cần dấu')}
          required
          empty={people.isError ? t('Không đọc được danh bạ') : people.data ? t('Danh bạ không có ai khớp') : t('Đang tải…')}
        />
      )}
    </Labelled>
  );
}
