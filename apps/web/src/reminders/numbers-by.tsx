import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useActor } from '../actor.ts';
import { get } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { Failure, Loading } from '../states.tsx';
import { type NumberGroups } from './types.ts';

const LIMIT = '20';
type By = 'person' | 'unit';

/** Reminded in time, seen and answered, person by person or unit by unit; whoever has most to look at first. */
export function NumbersBy({ unitId, from, to, pick }: { unitId: string | null; from: string | null; to: string | null; pick: (by: By, key: string) => void }) {
  const actor = useActor();
  const [by, setBy] = useState<By | null>(null);
  const answer = useInfiniteQuery({
    queryKey: ['reminder-numbers', unitId, from, to, by],
    queryFn: ({ pageParam, signal }) => get<NumberGroups>('/reminder-ledger/numbers', { unitId, from, to, groupBy: by, limit: LIMIT, cursor: pageParam }, signal, actor),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    enabled: by !== null,
    refetchOnWindowFocus: false,
  });
  const groups = (answer.data?.pages ?? []).flatMap((page) => page.groups);
  const total = answer.data?.pages[0]?.total ?? 0;
  const part = (some: number, whole: number): string => (whole === 0 ? '–' : `${count(some)}/${count(whole)}`);
  const choices: readonly (readonly [By | null, string])[] = [
    [null, t('Chung')],
    ['person', t('Theo người')],
    ['unit', t('Theo đơn vị')],
  ];
  return (
    <section className="rby" aria-label={t('Kết quả nhắc theo người, theo đơn vị')}>
      <p className="acts" role="group" aria-label={t('Chia kết quả nhắc')}>
        {choices.map(([one, word]) => (
          <button key={word} type="button" className="btn" aria-pressed={by === one} onClick={() => setBy(one)}>
            {word}
          </button>
        ))}
      </p>
      {by === null ? null : answer.isError && !answer.data ? (
        <Failure error={answer.error} retry={() => void answer.refetch()} />
      ) : !answer.data ? (
        <Loading what={t('kết quả nhắc')} />
      ) : (
        <>
          <div className="rtable">
            <table data-by={by}>
              <thead>
                <tr>
                  <th scope="col">{by === 'person' ? t('Người') : t('Đơn vị')}</th>
                  <th scope="col" className="num">
                    {t('Nhắc kịp')}
                  </th>
                  <th scope="col" className="num">
                    {t('Đã xem')}
                  </th>
                  <th scope="col" className="num">
                    {t('Đã trả lời')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {groups.map((one) => (
                  <tr key={one.key} data-group={one.key}>
                    <td data-label={by === 'person' ? t('Người') : t('Đơn vị')}>
                      <button type="button" className="aslink" onClick={() => pick(by, one.key)}>
                        {one.name}
                      </button>
                      {one.unitName ? <span className="sub">{one.unitName}</span> : null}
                    </td>
                    <td data-label={t('Nhắc kịp')} className="num">
                      {part(one.inTime, one.inTime + one.later)}
                    </td>
                    <td data-label={t('Đã xem')} className="num">
                      {part(one.seen, one.telling)}
                    </td>
                    <td data-label={t('Đã trả lời')} className="num">
                      {part(one.answered, one.asked)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager pages={answer} shown={groups.length} total={total}>
            {by === 'person' ? t('{{n}} trong {{total}} người, người còn nhiều lời nhắc chưa xem trước.', { n: count(groups.length), total: count(total) }) : t('{{n}} trong {{total}} đơn vị, đơn vị còn nhiều lời nhắc chưa xem trước.', { n: count(groups.length), total: count(total) })}
          </Pager>
        </>
      )}
    </section>
  );
}
