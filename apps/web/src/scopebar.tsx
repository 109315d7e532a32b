import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { get, type Page, type Unit } from './api.ts';
import { dayOf, isDay, reportingYear } from './format.ts';
import { useSystem } from './frame.tsx';
import { href, useScope, type Scope } from './scope.ts';

export const useUnits = () =>
  useQuery({
    queryKey: ['units'],
    queryFn: ({ signal }) => get<Page<Unit>>('/units', {}, signal),
    staleTime: 300_000,
    select: (page) => [...page.items].sort((a, b) => a.name.localeCompare(b.name, 'vi')),
  });

export function useUnitName(id: string | null): string {
  const units = useUnits();
  if (id === null) return 'Toàn tỉnh';
  return units.data?.find((unit) => unit.id === id)?.name ?? id;
}

const yearPeriods = (year: number): [string, string][] => [
  [`${year}`, `Năm báo cáo ${year}`],
  [`${year}-H1`, `6 tháng đầu năm ${year}`],
  [`${year}-H2`, `6 tháng cuối năm ${year}`],
  [`${year}-9M`, `9 tháng năm ${year}`],
  [`${year}-Q1`, `Quý I/${year}`],
  [`${year}-Q2`, `Quý II/${year}`],
  [`${year}-Q3`, `Quý III/${year}`],
  [`${year}-Q4`, `Quý IV/${year}`],
  [`${year}-cal`, `Năm dương lịch ${year}`],
];

/** Scope and time on one line; each choice goes into the address. */
export function ScopeBar({ path, extra }: { path: string; extra?: Record<string, string> }) {
  const scope = useScope();
  const navigate = useNavigate();
  const units = useUnits();
  const system = useSystem();
  const [typed, setTyped] = useState(scope.day ?? '');
  useEffect(() => setTyped(scope.day ?? ''), [scope.day]);
  const go = (change: Partial<Scope>) => void navigate(href(path, { ...scope, ...change }, extra));

  const today = system.data ? dayOf(system.data.now) : null;
  const base = scope.day ?? today;
  const year = base !== null && isDay(base) ? reportingYear(base) : null;
  const periods = year === null ? [] : [...yearPeriods(year), ...yearPeriods(year - 1)];
  const strayPeriod = scope.period !== null && !periods.some(([value]) => value === scope.period);
  const strayUnit = scope.unitId !== null && !(units.data ?? []).some((unit) => unit.id === scope.unitId);

  return (
    <div className="scope" role="group" aria-label="Phạm vi và thời điểm">
      <div className="wrap">
        <label className="pick">
          <span>Đơn vị</span>
          <select value={scope.unitId ?? ''} onChange={(event) => go({ unitId: event.target.value || null })}>
            <option value="">Toàn tỉnh</option>
            {strayUnit ? <option value={scope.unitId ?? ''}>{scope.unitId}</option> : null}
            {(units.data ?? []).map((unit) => (
              <option key={unit.id} value={unit.id}>
                {unit.name}
              </option>
            ))}
          </select>
        </label>
        <label className="pick">
          <span>Kỳ báo cáo</span>
          <select value={scope.period ?? ''} onChange={(event) => go({ period: event.target.value || null })}>
            <option value="">Năm báo cáo của ngày xem</option>
            {strayPeriod ? <option value={scope.period ?? ''}>{scope.period}</option> : null}
            {periods.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label className="pick">
          <span>Tính đến hết ngày</span>
          <input
            type="date"
            name="ngay"
            value={typed}
            max={today ?? undefined}
            onChange={(event) => {
              setTyped(event.target.value);
              // Typing a year passes through 0002 and 0020: wait for a real one.
              if (isDay(event.target.value) && event.target.value >= '1990-01-01') go({ day: event.target.value });
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setTyped(scope.day ?? '');
            }}
          />
        </label>
        <button className="btn" type="button" aria-pressed={scope.day === null} onClick={() => go({ day: null })}>
          Bây giờ
        </button>
      </div>
    </div>
  );
}
