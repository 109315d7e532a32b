import { useQuery } from '@tanstack/react-query';
import { get, type Page } from '../api.ts';
import { dayOf, isDay } from '../format.ts';

interface Meeting {
  unitId: string | null;
  cutOff: { asOf: string };
}

/** Meetings looked through for the one before what is looked at: a quarter of weekly ones. */
const LOOKED_AT = '13';

/** When the last closed meeting before a moment (a day, an instant, or null: now) was cut off; of the unit, or else of the province. */
export function useLastMeeting(unitId: string | null, before: string | null): string | null {
  const meetings = useQuery({
    queryKey: ['briefings', 'closed'],
    queryFn: ({ signal }) => get<Page<Meeting>>('/briefings', { state: 'closed', limit: LOOKED_AT }, signal),
    staleTime: 60_000,
    retry: false,
  });
  const earlier = (meetings.data?.items ?? []).filter(
    ({ cutOff }) => before === null || (isDay(before) ? dayOf(cutOff.asOf) < before : Date.parse(cutOff.asOf) < Date.parse(before)),
  );
  return (earlier.find((one) => one.unitId === unitId) ?? earlier.find((one) => one.unitId === null))?.cutOff.asOf ?? null;
}
