import { useEffect, useState } from 'react';
import { isDay } from '../format.ts';

/** A day box that waits for a whole year: typing passes through 0002 and 0020. */
export function DayBox({
  value,
  max,
  name,
  label,
  focus,
  go,
}: {
  value: string | null;
  max?: string | null;
  name: string;
  label?: string;
  focus?: boolean;
  go: (day: string) => void;
}) {
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  return (
    <input
      type="date"
      name={name}
      aria-label={label}
      value={typed}
      max={max ?? undefined}
      autoFocus={focus}
      onChange={(event) => {
        setTyped(event.target.value);
        if (isDay(event.target.value) && event.target.value >= '1990-01-01') go(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setTyped(value ?? '');
      }}
    />
  );
}
