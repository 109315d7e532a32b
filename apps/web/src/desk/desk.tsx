import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ROLE_NAMES, roleOf, unitOf, useActor } from '../actor.ts';
import { ApiError, get, type DeskItem, type DeskPage as DeskAnswer, type Recorded, type Urgency, type Wait } from '../api.ts';
import { count, day, local, positionText, weekday } from '../format.ts';
import { Frame, usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { TaskPager } from '../pager.tsx';
import { LookIcon } from '../parts.tsx';
import { saidIn } from '../said.tsx';
import { href, toPresent, useScope } from '../scope/scope.ts';
import { useUnitName } from '../scope/units.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import { ACTIONS } from '../task/action-specs.ts';
import { AUTHORITY_WORDS } from '../words.ts';
import { Undo } from '../worklist/undo.tsx';
import { RowForm } from './row-form.tsx';
import { firstWait, leftWords, URGENCIES, WAIT_KEYS, WAITS, waitWords } from './words.ts';

const PATH = '/ban-lam-viec';
const LIMIT = 100;

interface Done {
  item: DeskItem;
  word: string;
  recorded: Recorded;
  at: number;
}

const actionWord = (segment: string): string => ACTIONS.find((action) => action.segment === segment)?.word ?? segment;

/** What waits for the acting role, the oldest deadline first; each row answers in place. */
export function DeskPage() {
  const actor = useActor();
  const scope = useScope();
  const past = usePast();
  const [search] = useSearchParams();
  const kind = search.get('dieu');
  const group = search.get('nhom');
  const role = roleOf(actor);
  const unitName = useUnitName(unitOf(actor));
  const who = role === 'unit' ? unitName : ROLE_NAMES[role];
  const desk = useInfiniteQuery({
    queryKey: ['desk', actor, kind, group],
    queryFn: ({ pageParam, signal }) => get<DeskAnswer>('/desk', { kind, group, limit: String(LIMIT), cursor: pageParam }, signal, actor),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    enabled: !past,
  });
  const [open, setOpen] = useState<string | null>(null);
  const [done, setDone] = useState<readonly Done[]>([]);
  const told = useRef<HTMLHeadingElement>(null);
  const first = desk.data?.pages[0];
  const items = (desk.data?.pages ?? []).flatMap((page) => page.items);
  const here = (picked: { dieu?: string | null; nhom?: string | null }) => href(PATH, scope, { dieu: kind, nhom: group, ...picked });

  const frame = (children: React.ReactNode) => (
    <Frame
      title={t('Bàn làm việc')}
      instant={first ? { asOf: first.asOf, position: first.position } : undefined}
      updatedAt={desk.dataUpdatedAt || undefined}
      lost={desk.error instanceof ApiError && desk.error.status === 0}
    >
      {children}
    </Frame>
  );
  if (past)
    return frame(
      <Nothing
        title={t('Bàn làm việc chỉ có ở hiện tại')}
        advice={t('Việc đang chờ là việc của bây giờ. Muốn biết một việc lúc đó ra sao, mở trang của việc ấy.')}
      >
        <p>
          <Link to={href(PATH, toPresent(scope))}>{t('Về hiện tại')}</Link>
        </p>
      </Nothing>,
    );
  if (desk.isError && !desk.data) return frame(<Failure error={desk.error} retry={() => void desk.refetch()} />);
  if (!first) return frame(<Loading what={t('việc đang chờ')} />);

  const filtered = kind !== null || group !== null;
  const step = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.drow > .a > button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  };
  return frame(
    <>
      <ChangesPill position={first.position} apply={() => desk.refetch()} />
      <h1 className="listh" ref={told} tabIndex={-1}>
        <span className="big" data-total={first.total}>
          {count(first.total)}
        </span>{' '}
        {t('việc', { n: count(first.total) })}{' '}
        {kind && kind in WAITS ? t('chờ: {{word}}', { word: WAITS[kind as Wait].word.toLowerCase() }) : t('đang chờ {{who}}', { who })}
      </h1>
      <p className="dsay">
        {first.all === 0 ? (
          t('Không có gì đang chờ vai này. Việc mới sẽ hiện ở đây.')
        ) : (
          <>
            {URGENCIES.filter(({ key }) => first.groups[key] > 0).map(({ key, word }, index) => (
              <span key={key}>
                {index > 0 ? ', ' : ''}
                <Link to={here({ nhom: key })} data-count={first.groups[key]}>
                  {t('{{n}} việc {{word}}', { n: count(first.groups[key]), word: word.toLowerCase() })}
                </Link>
              </span>
            ))}
            {first.total > 0 ? '.' : t('Không có việc nào với lựa chọn này.')}{' '}
            {filtered ? <Link to={href(PATH, scope)}>{t('Bỏ lọc')}</Link> : null}
          </>
        )}
      </p>
      {first.all > 0 ? (
        <ul className="dchips" aria-label={t('Lọc theo điều cần làm')}>
          <li>
            <Link to={here({ dieu: null })} aria-current={kind === null ? 'true' : undefined}>
              {t('Tất cả')}
              {group === null ? ` ${count(first.all)}` : ''}
            </Link>
          </li>
          {WAIT_KEYS.filter((key) => first.kinds[key] > 0 || key === kind).map((key) => (
            <li key={key}>
              <Link to={here({ dieu: key })} aria-current={kind === key ? 'true' : undefined} data-count={first.kinds[key]}>
                {WAITS[key].word} {count(first.kinds[key])}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="vh" role="status">
        {done[0] ? t('Đã ghi: {{word}}, {{code}}', { word: done[0].word, code: done[0].item.code }) : ''}
      </div>
      <div className="desk" onKeyDown={step}>
        {URGENCIES.map(({ key, word, look }) => {
          const rows = items.filter((item) => item.group === key);
          return rows.length === 0 ? null : (
            <section key={key} aria-labelledby={`nhom-${key}`} data-group={key}>
              <h2 id={`nhom-${key}`} className="dgrp">
                <span className={`d-${look}`}>
                  {look === 'soon' ? <LookIcon look="intime" /> : <LookIcon look={look} />} {word}
                </span>
                <span className="quiet" data-total={first.groups[key]}>
                  {count(first.groups[key])}
                </span>
              </h2>
              <ul>
                {rows.map((item) => (
                  <Row
                    key={item.id}
                    item={item}
                    asked={kind}
                    group={key}
                    open={open === item.id}
                    toggle={() => setOpen(open === item.id ? null : item.id)}
                    finish={(segment, recorded) => {
                      setOpen(null);
                      setDone((before) => [{ item, word: actionWord(segment), recorded, at: Date.now() }, ...before]);
                      requestAnimationFrame(() => told.current?.focus());
                    }}
                  />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      {first.total > 0 ? <TaskPager pages={desk} shown={items.length} total={first.total} by={LIMIT} /> : null}
      {done.length > 0 ? (
        <section aria-labelledby="vua-lam" className="djust">
          <h2 id="vua-lam">{t('Vừa làm')}</h2>
          <ul>
            {done.map(({ item, word, recorded, at }) => (
              <li key={recorded.position}>
                <span>{local(at).time}</span>
                <span>
                  {word}{' '}
                  <Link className="code" to={href(`/viec/${encodeURIComponent(item.id)}`, scope)}>
                    {item.code}
                  </Link>
                  {t(', sự kiện {{position}}', { position: positionText(recorded.position) })}
                </span>
                {recorded.warnings.map((warning) => (
                  <span key={warning.code} className="warnt" lang={saidIn()}>
                    {warning.detail}
                  </span>
                ))}
                <Undo facts={recorded.eventIds.map((eventId) => ({ taskId: item.id, eventId }))} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <p className="quiet dkeys">{t('Phím ↑ ↓ chọn dòng, Enter mở biểu mẫu, Esc đóng. Dòng không tự đổi chỗ khi có thay đổi mới.')}</p>
    </>,
  );
}

function Row({
  item,
  asked,
  group,
  open,
  toggle,
  finish,
}: {
  item: DeskItem;
  asked: string | null;
  group: Urgency;
  open: boolean;
  toggle: () => void;
  finish: (segment: string, recorded: Recorded) => void;
}) {
  const scope = useScope();
  const actor = useActor();
  const button = useRef<HTMLButtonElement>(null);
  const wait = firstWait(item, asked);
  if (!wait) return null;
  const words = waitWords(wait, item);
  const own = unitOf(actor) === item.leadUnitId;
  const others = item.waits.filter((one) => one !== wait).map((one) => waitWords(one, item).head.toLowerCase());
  const spec = WAITS[wait.kind];
  const word = spec.button ?? actionWord(spec.actions[0] ?? '');
  const look = URGENCIES.find(({ key }) => key === group)?.look ?? 'none';
  return (
    <>
      <li className={open ? 'drow on' : 'drow'} data-task={item.id} data-wait={wait.kind}>
        <div className="h">
          <b>{item.dueOn ? `${item.dueTime ? `${item.dueTime} ` : ''}${weekday(item.dueOn)} ${day(item.dueOn)}` : t('Chưa có')}</b>
          <span className={look === 'overdue' || look === 'soon' ? `d-${look}` : 'quiet'}>{leftWords(item)}</span>
        </div>
        <div className="c">
          <Link to={href(`/viec/${encodeURIComponent(item.id)}`, scope)} lang={saidIn()}>
            {item.content}
          </Link>
          <span className="sub">
            <span className="code">{item.code}</span> ·{' '}
            {t('{{authority}} giao', { authority: AUTHORITY_WORDS[item.authority ?? ''] ?? item.authority ?? '' })}
            {own ? null : ` · ${item.leadUnitName}`}
            {item.documentId && item.documentNumber ? (
              <>
                {' '}
                ·{' '}
                <Link className="code" to={href(`/van-ban/${encodeURIComponent(item.documentId)}`, scope)}>
                  {item.documentNumber}
                </Link>
              </>
            ) : null}
          </span>
        </div>
        <div className="y">
          <b>{words.head}</b>
          {words.more ? <span className="more">{words.more}</span> : null}
          {others.length > 0 ? <span className="more">{t('Còn: {{others}}', { others: others.join('; ') })}</span> : null}
        </div>
        <div className="a">
          <button
            ref={button}
            type="button"
            className="btn"
            aria-expanded={open}
            aria-label={open ? t('Đóng biểu mẫu {{code}}', { code: item.code }) : `${word}, ${item.code}`}
            onClick={toggle}
          >
            {open ? t('Đóng') : word}
          </button>
        </div>
      </li>
      {open ? (
        <li className="dform">
          <RowForm
            taskId={item.id}
            segments={spec.actions}
            cancel={() => {
              toggle();
              button.current?.focus();
            }}
            finish={finish}
          />
        </li>
      ) : null}
    </>
  );
}
