import { useState } from 'react';
import { type ProblemItem, type Unit } from '../api.ts';
import { folded } from '../format.ts';
import { t } from '../i18n.ts';
import { useUnits } from '../scope/units.ts';
import { Combo, type Option } from './combo.tsx';
import { Labelled } from './field.tsx';
import { Picked } from './picked.tsx';

const MOST = 12;

function matching(units: readonly Unit[], typed: string, without: readonly string[]): Option[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  return units
    .filter((unit) => !without.includes(unit.id) && unit.status !== 'dissolved' && unit.status !== 'merged')
    .filter((unit) => {
      const text = folded(`${unit.name} ${unit.shortName ?? ''} ${unit.id}`);
      return words.every((word) => text.includes(word));
    })
    .slice(0, MOST)
    .map((unit) => ({
      value: unit.id,
      text: unit.name,
      ...(unit.shortName && unit.shortName !== unit.name ? { note: unit.shortName } : {}),
    }));
}

interface Shared {
  label: string;
  required?: boolean | undefined;
  errors?: readonly ProblemItem[];
  hint?: string;
}

/** One unit, found by typing without tone marks. */
export function UnitField({
  label,
  required,
  errors,
  hint,
  value,
  without = [],
  onChange,
}: Shared & { value: string | null; without?: readonly string[]; onChange: (id: string | null) => void }) {
  const units = useUnits();
  const [typed, setTyped] = useState('');
  const name = value === null ? null : ((units.data ?? []).find((unit) => unit.id === value)?.name ?? value);
  return (
    <Labelled label={label} required={required} errors={errors ?? []} hint={hint}>
      {(ids) => (
        <Combo
          ids={ids}
          shown={name}
          typed={typed}
          options={matching(units.data ?? [], typed, without)}
          onType={(text) => {
            setTyped(name !== null && text.startsWith(name) ? text.slice(name.length) : text);
            if (value !== null) onChange(null);
          }}
          onPick={(option) => {
            setTyped('');
            onChange(option.value);
          }}
          placeholder={t('Gõ tên, không cần dấu')}
          required={required ?? false}
          empty={t('Không có đơn vị nào khớp')}
        />
      )}
    </Labelled>
  );
}

/** Several units; each can be taken away again. */
export function UnitsField({
  label,
  required,
  errors,
  value,
  without = [],
  onChange,
}: Shared & { value: readonly string[]; without?: readonly string[]; onChange: (ids: string[]) => void }) {
  const units = useUnits();
  const [typed, setTyped] = useState('');
  return (
    <div className="units">
      <Labelled label={label} required={required} errors={errors ?? []}>
        {(ids) => (
          <Combo
            ids={ids}
            shown={null}
            typed={typed}
            options={matching(units.data ?? [], typed, [...value, ...without])}
            onType={setTyped}
            onPick={(option) => {
              setTyped('');
              onChange([...value, option.value]);
            }}
            placeholder={t('Gõ tên, không cần dấu')}
            empty={t('Không có đơn vị nào khớp')}
          />
        )}
      </Labelled>
      <Picked
        label={label}
        items={value.map((id) => ({ id, word: (units.data ?? []).find((unit) => unit.id === id)?.name ?? id }))}
        remove={(id) => onChange(value.filter((one) => one !== id))}
      />
    </div>
  );
}
