import { useEffect, useState } from 'react';
import { addDays, at, day, isDay, local } from '../format.ts';
import { t } from '../i18n.ts';
import { DayBox } from './day-box.tsx';
import { useLastMeeting } from './last-meeting.ts';
import { type Scope } from './scope.ts';

const DAY_CHOICE = 'ngay-khac';
const MINUTE_CHOICE = 'phut-khac';
const THIS = 'dang-xem';
const ZONE = '+07:00';

/** The wall clock of a point in Việt Nam, as the box for a minute takes it. */
const minuteOf = (moment: string): string => (isDay(moment) ? `${moment}T23:59` : `${local(moment).day}T${local(moment).time}`);

/** Which moment is looked at: now, a few that are asked for often, any day, any minute. */
export function MomentPick({ scope, now, go }: { scope: Scope; now: string | null; go: (change: Partial<Scope>) => void }) {
  const [other, setOther] = useState<typeof DAY_CHOICE | typeof MINUTE_CHOICE | null>(null);
  useEffect(() => setOther(null), [scope.day]);
  const here = now === null ? null : local(now);
  const today = here?.day ?? null;
  const meeting = useLastMeeting(scope.unitId, null);
  const monthEnd = today === null ? null : addDays(`${today.slice(0, 8)}01`, -1);
  const byMinute = other === MINUTE_CHOICE || (other === null && scope.day !== null && !isDay(scope.day));
  const byDay = other === DAY_CHOICE || (other === null && scope.day !== null && isDay(scope.day));
  return (
    <span className="pick when">
      <label>
        <span>{t('Lúc')}</span>
        <select
          name="luc"
          value={other ?? (scope.day === null ? '' : THIS)}
          onChange={(event) => {
            const { value } = event.target;
            if (value === DAY_CHOICE || value === MINUTE_CHOICE) setOther(value);
            else if (value === '') go({ day: null, knownAt: null });
            else if (value !== THIS) go({ day: value });
          }}
        >
          <option value="">{t('bây giờ')}</option>
          {today !== null && here !== null && here.time > '08:00' ? (
            <option value={`${today}T08:00:00${ZONE}`}>{t('sáng nay 08:00')}</option>
          ) : null}
          {meeting === null ? null : <option value={meeting}>{t('giao ban trước ({{at}})', { at: at(meeting) })}</option>}
          {monthEnd === null ? null : <option value={monthEnd}>{t('cuối tháng trước ({{day}})', { day: day(monthEnd).slice(0, 5) })}</option>}
          {scope.day === null ? null : <option value={THIS}>{at(scope.day)}</option>}
          <option value={DAY_CHOICE}>{t('hết ngày khác…')}</option>
          <option value={MINUTE_CHOICE}>{t('phút khác…')}</option>
        </select>
      </label>
      {byDay ? (
        <DayBox
          name="ngay"
          label={t('Tính đến hết ngày')}
          value={scope.day !== null && isDay(scope.day) ? scope.day : null}
          max={today}
          focus={other !== null}
          go={(picked) => go({ day: picked })}
        />
      ) : null}
      {byMinute ? (
        <input
          type="datetime-local"
          name="phut"
          aria-label={t('Thời điểm, giờ Việt Nam')}
          autoFocus={other !== null}
          defaultValue={scope.day !== null ? minuteOf(scope.day) : now === null ? '' : minuteOf(now)}
          key={scope.day ?? 'now'}
          max={now === null ? undefined : minuteOf(now)}
          onBlur={(event) => {
            const { value } = event.target;
            if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(value) && value >= '1990' && (scope.day === null || value !== minuteOf(scope.day)))
              go({ day: `${value}:00${ZONE}` });
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      ) : null}
    </span>
  );
}
