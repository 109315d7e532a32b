import { IconMessageX } from '@tabler/icons-react';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Pair } from '../room-parts.tsx';
import { type DueWeekPage } from '../types.ts';
import { dayHead, shortDay } from '../words.ts';

export function DueWeekRoom({ then, now }: { then: DueWeekPage; now: DueWeekPage | null }) {
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="due-week">
          <Pair then={then.total} now={now?.total} />
        </p>
        <p className="rbig">
          {then.total === 0 ? (
            t('việc đến hạn trong tuần')
          ) : (
            <>
              {t('việc đến hạn trong tuần;')}
              <br />
              {then.noUpdate > 0
                ? t('{{n}} việc chưa cập nhật suốt 14 ngày', { n: count(then.noUpdate) })
                : t('việc nào cũng có cập nhật trong 14 ngày')}
            </>
          )}
        </p>
      </div>
      <ol className="rweek" data-days={then.days.length}>
        {then.days.map((day, at) => (
          <li key={day.day}>
            <h2>
              {dayHead(day.day)} <span>{shortDay(day.day)}</span>
            </h2>
            <p className="rfig">
              <Pair then={day.total} now={now?.days[at]?.total} />
            </p>
            <ul>
              {day.rows.length === 0 ? <li className="nil">{t('Không có việc')}</li> : null}
              {day.rows.map((row) => (
                <li key={row.taskId}>
                  <b>{row.unitShort}</b>
                  <span>{row.nowCell && row.nowCell !== 'O1' ? <s>{row.short}</s> : row.short}</span>
                  {row.noUpdate ? (
                    <em>
                      <IconMessageX className="ric" aria-hidden />
                      {t('Chưa cập nhật')}
                    </em>
                  ) : null}
                </li>
              ))}
              {day.total > day.rows.length && day.rows.length > 0 ? (
                <li className="nil">{t('và {{n}} việc nữa', { n: count(day.total - day.rows.length) })}</li>
              ) : null}
            </ul>
          </li>
        ))}
      </ol>
    </>
  );
}
