import { IconMessageX } from '@tabler/icons-react';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { placeWords } from '../../words.ts';
import { type LateRow } from '../types.ts';

export function Reason({ row }: { row: LateRow }) {
  if (row.nowCell && row.nowCell !== 'O2') return <span className="rstate k-intime">{t('Nay {{place}}', { place: placeWords(row.nowCell).toLowerCase() })}</span>;
  return row.reason ? (
    <>{row.reason}</>
  ) : (
    <span className="rstate k-none">
      <IconMessageX className="ric" aria-hidden />
      {t('Chưa giải trình')}
    </span>
  );
}

export const Late = ({ row }: { row: LateRow }) => (row.nowCell && row.nowCell !== 'O2' ? <s>{count(row.daysLate)}</s> : <>{count(row.daysLate)}</>);
