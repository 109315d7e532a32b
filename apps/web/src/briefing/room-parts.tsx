import { type ReactNode } from 'react';
import { type Counts } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { sum } from '../words.ts';

/** The cut-off's number, or that one struck with the one of now beside it. */
export function Pair({ then, now, children }: { then: number; now: number | null | undefined; children?: (n: number) => ReactNode }) {
  const shown = children ?? count;
  if (now === null || now === undefined || now === then) return <>{shown(then)}</>;
  return (
    <>
      <s>
        <span className="vh">{t('lúc chốt')} </span>
        {shown(then)}
      </s>
      {shown(now)}
    </>
  );
}

export interface RoomKind {
  key: string;
  word: string;
  short: string;
  cells: readonly string[];
}
/** The four cells and one for the rest: what can still be told apart from the far end of the room. */
export const ROOM_KINDS: readonly RoomKind[] = [
  { key: 'done', word: t('Hoàn thành đúng hạn'), short: t('Hoàn thành đúng hạn'), cells: ['D1'] },
  { key: 'late', word: t('Hoàn thành quá hạn'), short: t('Hoàn thành quá hạn'), cells: ['D2'] },
  { key: 'intime', word: t('Đang thực hiện trong hạn'), short: t('Trong hạn'), cells: ['O1'] },
  { key: 'overdue', word: t('Quá hạn chưa hoàn thành'), short: t('Quá hạn'), cells: ['O2'] },
  {
    key: 'none',
    word: t('Chờ xác nhận, không thời hạn, tạm dừng'),
    short: t('Chờ xác nhận, không hạn, tạm dừng'),
    cells: ['V1', 'V2', 'V3', 'O3', 'D3', 'X'],
  },
];

export function RoomBar({ cells, small }: { cells: Counts; small?: boolean }) {
  return (
    <div className={small ? 'rbar small' : 'rbar'} aria-hidden="true">
      {ROOM_KINDS.map(({ key, cells: of }) => {
        const n = sum(cells, of);
        return n === 0 ? null : <i key={key} className={`rc-${key}`} style={{ flexGrow: n }} />;
      })}
    </div>
  );
}

/** A page without anything to show says so in its largest type. */
export function RoomNothing({ title, more }: { title: string; more: string }) {
  return (
    <div className="rnone">
      <p className="rbig">{title}</p>
      <p>{more}</p>
    </div>
  );
}
