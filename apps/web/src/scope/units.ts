import { useQuery } from '@tanstack/react-query';
import { answeredAhead, get, type Page, type RateDefinition, type Unit } from '../api.ts';
import { t } from '../i18n.ts';
import { type Scope } from './address.ts';
import { blockWord } from './blocks.ts';

export const useUnits = () =>
  useQuery({
    queryKey: ['units'],
    queryFn: ({ signal }) => get<Page<Unit>>('/units', {}, signal),
    initialData: () => answeredAhead('/units', {}) as Page<Unit> | undefined,
    staleTime: 300_000,
    select: (page) => [...page.items].sort((a, b) => a.name.localeCompare(b.name, 'vi')),
  });

export function useUnitName(id: string | null): string {
  const units = useUnits();
  if (id === null) return t('Toàn tỉnh');
  return units.data?.find((unit) => unit.id === id)?.name ?? id;
}

/** Whose numbers these are: of a unit, of a block of units, or of the whole province. */
export const scopeName = ({ unitId, unitKind }: Pick<Scope, 'unitId' | 'unitKind'>, unitName: string): string =>
  unitId === null && unitKind !== null ? t('Khối {{block}}', { block: blockWord(unitKind) }) : unitName;

export const useScopeName = (scope: Scope): string => scopeName(scope, useUnitName(scope.unitId));

/** Definitions of rates are data of the server. */
export const useRates = () =>
  useQuery({
    queryKey: ['rates'],
    queryFn: ({ signal }) => get<RateDefinition[] | { items: RateDefinition[] }>('/rates', {}, signal),
    staleTime: 300_000,
    retry: false,
    select: (answer): RateDefinition[] => (Array.isArray(answer) ? answer : answer.items),
  });
