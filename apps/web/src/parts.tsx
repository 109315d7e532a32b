import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCalendarOff,
  IconCheck,
  IconChecks,
  IconClock,
  IconHourglass,
  IconPlayerPause,
} from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { Link } from 'react-router';
import { type Counts, type Query, type GroupRate, type TaskItem } from './api.ts';
import { count, due, longDay } from './format.ts';
import { t } from './i18n.ts';
import { saidIn } from './said.tsx';
import { href, type Scope } from './scope/scope.ts';
import { CELL_WORDS, lookOf, MAIN, RATE_WORDS, REST, sum } from './words.ts';

const ICONS = {
  done: IconCheck,
  late: IconChecks,
  intime: IconClock,
  overdue: IconAlertTriangle,
  wait: IconHourglass,
  none: IconCalendarOff,
  susp: IconPlayerPause,
  out: IconArrowBackUp,
};

export function LookIcon({ look }: { look: string }) {
  const Icon = ICONS[look as keyof typeof ICONS];
  return <Icon size={16} aria-hidden className={`t-${look}`} />;
}

/** A number that leads to the tasks it counts. */
export function Figure({
  value,
  scope,
  pick,
  what,
  className,
  children,
}: {
  value: number;
  scope: Scope;
  pick: Query;
  what: string;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <a
      className={`fig ${value === 0 ? 'zero' : ''} ${className ?? ''}`}
      href={href('/danh-sach', scope, pick)}
      data-in-place
      data-count={value}
      aria-label={t('{{value}} việc, {{what}}: xem danh sách', { value: count(value), what })}
    >
      {children ?? count(value)}
    </a>
  );
}

/** Numerator and denominator of a rate, each leading to its tasks. */
export function Fraction({ rate, scope }: { rate: GroupRate; scope: Scope }) {
  return (
    <span className="fr">
      <Figure
        value={rate.numerator}
        scope={scope}
        pick={{ rate: rate.code, side: 'numerator' }}
        what={t('tử số, {{code}}', { code: RATE_WORDS[rate.code] ?? rate.code })}
      />
      /
      <Figure
        value={rate.denominator}
        scope={scope}
        pick={{ rate: rate.code, side: 'denominator' }}
        what={t('mẫu số, {{code}}', { code: RATE_WORDS[rate.code] ?? rate.code })}
      />
    </span>
  );
}

/** The hundred per cent bar: four cells in their order, then the rest. The same numbers stand beside it as words. */
export function Bar({ cells, total, big }: { cells: Counts; total: number; big?: boolean }) {
  const kinds = [...MAIN, ...REST];
  const label = kinds.map((kind) => `${kind.word} ${count(sum(cells, kind.cells))}`).join(', ');
  return (
    <div className={big ? 'bar big' : 'bar'} role="img" aria-label={total === 0 ? t('Chưa có việc') : label}>
      {kinds.map((kind) => {
        const n = sum(cells, kind.cells);
        if (n === 0) return null;
        return (
          <i key={kind.key} className={`c-${kind.look}`} style={{ flexGrow: n }}>
            {big && n / total > 0.04 ? <b>{count(n)}</b> : null}
          </i>
        );
      })}
    </div>
  );
}

export function stateWords(task: Pick<TaskItem, 'cell' | 'daysLeft' | 'daysLate'>): { word: string; more: string } {
  const word = task.cell === null ? t('Chưa rõ') : (CELL_WORDS[task.cell] ?? t('Ngoài tổng số'));
  const late = task.daysLate !== null && task.daysLate > 0 ? t('{{daysLate}} ngày', { daysLate: count(task.daysLate) }) : '';
  if (task.cell === 'O2') return { word: t('Quá hạn'), more: late };
  if (task.cell === 'O1')
    return {
      word: t('Trong hạn'),
      more:
        task.daysLeft === null
          ? ''
          : task.daysLeft === 0
            ? t('đến hạn hôm nay')
            : t('còn {{daysLeft}} ngày', { daysLeft: count(task.daysLeft) }),
    };
  if (task.cell === 'D2' || task.cell === 'V2') return { word, more: late ? t('muộn {{late}}', { late }) : '' };
  return { word, more: '' };
}

/** `documents`: whether each row names the document it comes from. */
export function TaskTable({ items, scope, documents = true }: { items: readonly TaskItem[]; scope: Scope; documents?: boolean }) {
  return (
    <table className="tasks">
      <thead>
        <tr>
          <th scope="col" className="w">
            {t('Mã')}
          </th>
          <th scope="col">{t('Nội dung')}</th>
          <th scope="col" className="w">
            {t('Chủ trì')}
          </th>
          <th scope="col" className="num w given">
            {t('Ngày giao')}
          </th>
          <th scope="col" className="num w">
            {t('Hạn')}
          </th>
          <th scope="col" className="st">
            {t('Hiện trạng')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => {
          const look = lookOf(item.cell);
          const words = stateWords(item);
          return (
            <tr key={item.id} data-task={item.id}>
              <td className="code w">{item.code}</td>
              <td>
                <Link to={href(`/viec/${encodeURIComponent(item.id)}`, scope)} lang={saidIn()}>
                  {item.content}
                </Link>
                <span className="sub">
                  <span className="code n">{item.code}</span>
                  {documents && item.documentNumber && item.documentId ? (
                    <span className="code">
                      <Link
                        to={href(`/van-ban/${encodeURIComponent(item.documentId)}`, scope)}
                        aria-label={t('Văn bản {{documentNumber}}', { documentNumber: item.documentNumber })}
                      >
                        {item.documentNumber}
                      </Link>
                    </span>
                  ) : null}
                  <span className="n">{item.leadUnitName}</span>
                </span>
              </td>
              <td className="w">{item.leadUnitName}</td>
              <td className="num w given" title={longDay(item.assignedOn)}>
                {due(item.assignedOn, null)}
              </td>
              <td className="num w">{due(item.dueOn, item.dueTime)}</td>
              <td className="stt">
                <LookIcon look={look} />
                <span>
                  <span className={look === 'overdue' ? 't-overdue strong' : ''}>{words.word}</span>
                  {words.more ? <span className="sub">{words.more}</span> : null}
                  <span className="sub n">
                    {item.dueOn ? t('hạn {{dueOn}}', { dueOn: due(item.dueOn, item.dueTime) }) : t('không thời hạn')}
                  </span>
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
