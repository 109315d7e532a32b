import { Link } from 'react-router';
import { type TaskItem } from '../api.ts';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { dashboardQuery, href, type Scope } from '../scope/scope.ts';
import { LIST_PATH, useBehind } from './ask.ts';
import { ASK, URGE, useCanAct, useRowActions } from './row-actions.tsx';

const SHOWN = 5;

/** The overdue tasks of one unit, oldest first, under its row. `asking` opens the form for an explanation at the oldest of them. */
export function LateList({ scope, name, overdue, asking }: { scope: Scope; name: string; overdue: number; asking: boolean }) {
  const tasks = useBehind({ path: '/dashboard/list', query: { ...dashboardQuery(scope), what: 'overdue', sort: 'due' } }, SHOWN);
  const items = tasks.data?.pages[0]?.items ?? [];
  const total = tasks.data?.pages[0]?.total ?? overdue;
  if (tasks.isError) return <p role="alert">{tasks.error.message}</p>;
  if (!tasks.data) return <p role="status">{t('Đang tải danh sách…')}</p>;
  return (
    <div className="late">
      <p className="quiet">
        {t('{{n}} việc quá hạn của {{unit}}, lâu nhất trước', { n: count(total), unit: name })}
        {total > SHOWN ? (
          <>
            {' '}
            <Link to={href(LIST_PATH, scope, { what: 'overdue' })}>{t('Xem đủ {{n}} việc', { n: count(total) })}</Link>
          </>
        ) : null}
      </p>
      <ul>
        {items.map((item, index) => (
          <Late key={item.id} item={item} scope={scope} asking={asking && index === 0} />
        ))}
      </ul>
    </div>
  );
}

function Late({ item, scope, asking }: { item: TaskItem; scope: Scope; asking: boolean }) {
  const can = useCanAct();
  const { buttons, form } = useRowActions(item.id, item.code, can ? [URGE, ASK] : [], can && asking ? ASK : null);
  return (
    <li data-late={item.id}>
      <div className="latel">
        <span className="code">{item.code}</span>
        <Link to={href(`/viec/${encodeURIComponent(item.id)}`, scope)}>{item.content}</Link>
        <span className="quiet doc">{item.documentNumber}</span>
        <span className="num">{item.dueOn ? t('hạn {{day}}', { day: day(item.dueOn) }) : ''}</span>
        <span className="num t-overdue">{item.daysLate ? t('{{n}} ngày', { n: count(item.daysLate) }) : ''}</span>
        {buttons}
      </div>
      {form}
    </li>
  );
}
