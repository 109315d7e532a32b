import { IconCheck, IconEyeOff } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { useActor } from '../actor.ts';
import { ApiError, get } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, day, longDay } from '../format.ts';
import { UnitField } from '../forms/unit-field.tsx';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { saidIn } from '../said.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reminders.css';
import { NumbersBy } from './numbers-by.tsx';
import { DeliveryWords, Tabs, when } from './parts.tsx';
import { type LedgerEntry, type LedgerPage as LedgerAnswer, type Numbers } from './types.ts';

const LIMIT = '100';

/** `/nhac/so`: who was reminded of what, when, by which way, and whether they looked; for a task the answer to "tôi không được nhắc". */
export function LedgerPage() {
  const actor = useActor();
  const [search, setSearch] = useSearchParams();
  const asked = (name: string): string | null => search.get(name);
  const [taskId, unitId, personId, from, to] = [asked('viec'), asked('donVi'), asked('nguoi'), asked('tu'), asked('den')];
  const query = { taskId, unitId, personId, from, to };
  const ledger = useInfiniteQuery({
    queryKey: ['reminder-ledger', query],
    queryFn: ({ pageParam, signal }) => get<LedgerAnswer>('/reminder-ledger', { ...query, limit: LIMIT, cursor: pageParam }, signal, actor),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: false,
  });
  const numbers = useQuery({
    queryKey: ['reminder-numbers', unitId, from, to],
    queryFn: ({ signal }) => get<Numbers>('/reminder-ledger/numbers', { unitId, from, to }, signal, actor),
    enabled: taskId === null && personId === null,
  });
  const first = ledger.data?.pages[0];
  const entries = (ledger.data?.pages ?? []).flatMap(({ items }) => items);
  const choose = (change: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(change)) if (value) next.set(name, value);
      else next.delete(name);
    setSearch(next);
  };
  const people = new Set(entries.filter(({ suppressedName }) => suppressedName === null).map(({ message }) => message.personId));
  const seen = new Set(entries.filter(({ suppressedName, message }) => suppressedName === null && message.seenAt !== null).map(({ message }) => message.personId));
  return (
    <Frame title={t('Sổ nhắc')} instant={first ? { asOf: first.asOf, position: first.position } : undefined} lost={ledger.error instanceof ApiError && ledger.error.status === 0}>
      <Tabs />
      {taskId === null ? (
        <h1 className="listh">
          {first ? (
            <>
              <span className="big" data-total={first.total}>
                {count(first.total)}
              </span>{' '}
              {t('lần nhắc đã ghi')}
            </>
          ) : (
            t('Sổ nhắc')
          )}
        </h1>
      ) : (
        <>
          <h1 className="listh">{t('Ai được nhắc việc {{code}}', { code: first?.task?.code ?? taskId })}</h1>
          <p className="dsay">
            {first?.task?.content ? (
              <>
                <Link to={`/viec/${encodeURIComponent(taskId)}`} lang={saidIn()}>
                  {first.task.content}
                </Link>
                {'. '}
              </>
            ) : null}
            {first
              ? first.total === 0
                ? t('Chưa ai được nhắc việc này.')
                : t('{{n}} lần nhắc, tới {{people}} người, {{seen}} người đã xem.', { n: count(first.total), people: count(people.size), seen: count(seen.size) })
              : null}{' '}
            <Link to="/nhac/so">{t('Xem mọi việc')}</Link>
          </p>
          {(first?.snoozes ?? []).map((one) => (
            <p key={one.personId} className="warnt">
              {t('{{name}} tự tạm ẩn việc này đến {{until}}.', { name: one.personName, until: day(one.until) })}
            </p>
          ))}
        </>
      )}
      {taskId === null ? (
        <div className="rfilter">
          <UnitField label={t('Đơn vị chủ trì')} required={false} value={unitId} onChange={(id) => choose({ donVi: id })} />
          <label className="field">
            <span>{t('Từ ngày')}</span>
            <input type="date" value={from ?? ''} max={to ?? undefined} onChange={(event) => choose({ tu: event.target.value })} />
          </label>
          <label className="field">
            <span>{t('Đến ngày')}</span>
            <input type="date" value={to ?? ''} min={from ?? undefined} onChange={(event) => choose({ den: event.target.value })} />
          </label>
        </div>
      ) : null}
      {numbers.data && numbers.data.slots > 0 ? (
        <>
          <NumberStrip numbers={numbers.data} />
          <NumbersBy unitId={unitId} from={from} to={to} pick={(by, key) => choose(by === 'person' ? { nguoi: key } : { donVi: key })} />
        </>
      ) : null}
      {ledger.isError && !ledger.data ? (
        <Failure error={ledger.error} retry={() => void ledger.refetch()} />
      ) : !first ? (
        <Loading what={t('sổ nhắc')} />
      ) : entries.length === 0 ? (
        taskId === null ? <Nothing under title={t('Chưa có lần nhắc nào')} advice={t('Sổ ghi từng lần nhắc từ khi có danh bạ người được nhắc. Thử bỏ bớt lựa chọn.')} /> : null
      ) : (
        <>
          <ExportLinks path="/reminder-ledger" query={query}>
            {personId ? (
              <button type="button" className="btn" onClick={() => choose({ nguoi: null })}>
                {t('Bỏ lọc theo {{name}}', { name: entries[0]?.message.personName ?? '' })}
              </button>
            ) : null}
          </ExportLinks>
          <div className="rtable">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('Sáng')}</th>
                  {taskId === null ? <th scope="col">{t('Việc')}</th> : null}
                  <th scope="col">{t('Người được nhắc')}</th>
                  <th scope="col">{t('Vì sao nhắc')}</th>
                  <th scope="col">{t('Qua đâu, khi nào')}</th>
                  <th scope="col">{t('Đã xem')}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <Entry key={entry.slotId} entry={entry} oneTask={taskId !== null} pick={(id) => choose({ nguoi: id })} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager pages={ledger} shown={entries.length} total={first.total} exported>
            {t('Đang hiện {{n}} trong {{total}} lần nhắc.', { n: count(entries.length), total: count(first.total) })}
          </Pager>
        </>
      )}
    </Frame>
  );
}

function Entry({ entry, oneTask, pick }: { entry: LedgerEntry; oneTask: boolean; pick: (personId: string) => void }) {
  const { message, taskId, code, content, why, suppressedName, answer } = entry;
  return (
    <tr data-slot={entry.slotId}>
      <td data-label={t('Sáng')}>
        {longDay(message.slot)}
        <span className="sub" lang={saidIn()}>
          {message.kindName} · {t('quy tắc bản {{n}}', { n: String(message.rulesVersion) })}
        </span>
      </td>
      {oneTask ? null : (
        <td data-label={t('Việc')}>
          <Link to={`/nhac/so?viec=${encodeURIComponent(taskId)}`}>
            <span className="code">{code ?? taskId}</span>
          </Link>
          <span className="sub rclip" lang={saidIn()}>
            {content}
          </span>
        </td>
      )}
      <td data-label={t('Người được nhắc')}>
        <button type="button" className="aslink" onClick={() => pick(message.personId)}>
          {message.personName}
        </button>
        <span className="sub" lang={saidIn()}>
          {message.roleName}, {message.unitName}
          {message.onBehalfOfName ? ` · ${t('thay {{name}}', { name: message.onBehalfOfName })}` : ''}
        </span>
      </td>
      <td data-label={t('Vì sao nhắc')} lang={saidIn()}>
        {why}
      </td>
      <td data-label={t('Qua đâu, khi nào')}>
        {suppressedName ? (
          <span className="rdel">
            <IconEyeOff size={16} aria-hidden /> {t('Không nhắc riêng')}: <span lang={saidIn()}>{suppressedName}</span>
          </span>
        ) : (
          <>
            <span className="rdel">
              <IconCheck size={16} aria-hidden /> {t('Hộp nhắc {{at}}', { at: when(message.decidedAt) })}
              {message.late ? ` · ${t('muộn')}` : ''}
            </span>
            {message.deliveries.map((delivery) => (
              <DeliveryWords key={delivery.channel} delivery={delivery} />
            ))}
          </>
        )}
      </td>
      <td data-label={t('Đã xem')}>
        {suppressedName ? '–' : message.seenAt ? when(message.seenAt) : t('chưa')}
        {answer ? <span className="sub">{answer.answer === 'done' ? t('trả lời: đã xong') : t('trả lời: chưa, {{reason}}', { reason: answer.reason ?? '' })}</span> : null}
      </td>
    </tr>
  );
}

function NumberStrip({ numbers }: { numbers: Numbers }) {
  const share = (part: number, whole: number): string => `${count(part)}/${count(whole)}`;
  const items: [string, string, string][] = [
    [t('Nhắc đúng buổi'), share(numbers.inTime, numbers.slots), t('lần nhắc')],
    [t('Nhắc muộn, gộp'), count(numbers.later), t('lần nhắc, sau khi chương trình ngừng')],
    [t('Đã xem'), share(numbers.seen, numbers.telling), t('lời nhắc')],
    [t('Đã trả lời'), share(numbers.answered, numbers.asked), t('lần hỏi trong ngày đến hạn')],
    [t('Tự tạm ẩn'), count(numbers.snoozed), t('lần nhắc')],
  ];
  return (
    <section aria-label={t('Kết quả nhắc')} className="rnums">
      <p className="quiet">{t('Từ {{from}} đến {{to}}', { from: day(numbers.from), to: day(numbers.to) })}</p>
      <dl>
        {items.map(([word, value, of]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>
              <b className="num">{value}</b> <span className="quiet">{of}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
