import { IconFilter } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { type Rate } from '../api.ts';
import { useEscape } from '../escape.ts';
import { capital, count, day } from '../format.ts';
import { usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Fraction } from '../parts.tsx';
import { href, wholeOf, type Scope } from '../scope/scope.ts';
import { LIST_PATH } from './ask.ts';
import { changeWords } from './delta.tsx';
import { Num } from './num.tsx';
import { OnlyLink } from './only-link.tsx';
import { type Dashboard } from './types.ts';
import { WhyWhat, type Term } from './why-what.tsx';

interface Tile {
  key: string;
  title: string;
  /** The tasks that the tile narrows the page to, and how many they are. */
  only: { what: string; n: number };
  value: ReactNode;
  beside: string;
  lines: ReactNode;
  why: { what: string; title: string; terms: readonly Term[]; total?: { word: string; value: number }; more?: string };
}

function tilesOf(data: Dashboard, scope: Scope, open: number, past: boolean, whole: ReactNode): Tile[] {
  const { overdue, dueSoon, onTime90, extended, waiting } = data.tiles;
  const [state, ...why] = onTime90.words.split(':');
  // A rate of tasks picked by their outcome would say nothing: it stays that of all of them, and so do the lists behind it.
  const all = wholeOf(scope);
  const kinds: [number, string, string][] = [
    [waiting.extensions, 'waiting-extension', t('{{n}} gia hạn', { n: count(waiting.extensions) })],
    [waiting.completions, 'waiting-completion', t('{{n}} hoàn thành', { n: count(waiting.completions) })],
    [waiting.explanations, 'waiting-explanation', t('{{n}} giải trình', { n: count(waiting.explanations) })],
    [waiting.returns, 'waiting-return', t('{{n}} trả lại', { n: count(waiting.returns) })],
  ];
  const n = (value: number, what: string, words: string, className = '') =>
    value === 0 ? <span className="quiet">{words}</span> : (
      <Num value={value} scope={scope} what={what} className={className}>
        {words}
      </Num>
    );
  return [
    {
      key: 'overdue',
      title: t('Quá hạn chưa hoàn thành'),
      only: { what: 'overdue', n: overdue.count },
      value: <Num value={overdue.count} scope={scope} what="overdue" className={overdue.count > 0 ? 't-overdue' : ''} />,
      beside: t('/ {{n}} việc', { n: count(data.all.total) }),
      lines:
        overdue.count === 0 ? (
          <p>
            <b>{t('Không có nhiệm vụ quá hạn')}</b>
            {overdue.noneSince ? ` ${t('từ {{day}}', { day: day(overdue.noneSince) })}` : ''}
            {overdue.since > 0 ? `; ${t('lần so trước có {{n}}', { n: count(overdue.since) })}` : ''}
          </p>
        ) : (
          <>
            <p>
              <b>{changeWords(overdue.count, overdue.since)}</b>;{' '}
              {n(overdue.over30, 'overdue-over-30', t('{{n}} việc quá 30 ngày', { n: count(overdue.over30) }))}
            </p>
            <p>
              {t('Lâu nhất {{oldest}} ngày, trung vị {{median}} ngày', {
                oldest: count(overdue.oldestDays ?? 0),
                median: String(overdue.medianDays ?? 0).replace('.', ','),
              })}
            </p>
          </>
        ),
      why: {
        what: 'overdue',
        title: t('Vì sao {{n}} việc quá hạn?', { n: count(overdue.count) }),
        terms: data.ageing.map(({ key, count: value }) => ({ value, what: `age-${key}` })),
        total: { word: t('Quá hạn chưa hoàn thành'), value: overdue.count },
      },
    },
    {
      key: 'due-soon',
      title: t('Sắp đến hạn'),
      only: { what: 'due-3', n: dueSoon.in3 },
      value: <Num value={dueSoon.in3} scope={scope} what="due-3" className={dueSoon.in3 > 0 ? 't-soon' : ''} />,
      beside: t('/ {{n}} việc trong hạn', { n: count(open) }),
      lines: (
        <>
          <p>{t('trong {{n}} ngày làm việc', { n: count(dueSoon.nearDays) })}</p>
          <p>
            {t('7 ngày:')} {n(dueSoon.in7, 'due-7', t('{{n}} việc', { n: count(dueSoon.in7) }))} ({changeWords(dueSoon.in7, dueSoon.since7).toLowerCase()}),{' '}
            {n(dueSoon.in7NoUpdate, 'due-7-no-update', t('{{n}} việc chưa cập nhật', { n: count(dueSoon.in7NoUpdate) }))}
          </p>
        </>
      ),
      why: {
        what: 'due-3',
        title: t('Vì sao {{n}} việc sắp đến hạn?', { n: count(dueSoon.in3) }),
        terms: [
          { value: dueSoon.in3, what: 'due-3' },
          { value: dueSoon.in7, what: 'due-7' },
          { value: dueSoon.in7NoUpdate, what: 'due-7-no-update' },
        ],
        more: t('Số sắp đến hạn nằm trong số 7 ngày. Chưa cập nhật: 14 ngày qua đơn vị không ghi gì.'),
      },
    },
    {
      key: 'on-time-90',
      title: t('Tỷ lệ đúng hạn, 90 ngày'),
      only: { what: 'matured-90', n: onTime90.denominator },
      value: <span className="rate">{onTime90.text}</span>,
      beside: '',
      lines: (
        <>
          <p>
            <span className="fr">
              <Num value={onTime90.numerator} scope={all} what="on-time-90" />/
              <Num value={onTime90.denominator} scope={all} what="matured-90" />
            </span>{' '}
            {t('đã đến hạn')}; {t('trước là {{text}}', { text: onTime90.since.text })}
          </p>
          <p>
            <b data-state={onTime90.state}>{capital(state ?? '')}</b>
            {why.length > 0 ? `:${why.join(':')}` : ''}
          </p>
          {whole}
        </>
      ),
      why: {
        what: 'matured-90',
        title: t('Vì sao {{text}}?', { text: onTime90.text }),
        terms: [
          { value: onTime90.numerator, what: 'on-time-90' },
          { value: onTime90.denominator, what: 'matured-90' },
        ],
        more: t('Tỷ lệ = D1 / (D1 + D2 + O2 + V2), các việc có hạn hiện hành trong 90 ngày qua.'),
      },
    },
    {
      key: 'extended',
      title: t('Đã gia hạn'),
      only: { what: 'extended', n: extended.tasks },
      value: <Num value={extended.tasks} scope={scope} what="extended" />,
      beside: t('/ {{n}} việc', { n: count(data.all.total) }),
      lines: (
        <>
          <p>
            <b>{changeWords(extended.tasks, extended.since)}</b>
          </p>
          <p>{t('{{times}} lần, cộng {{days}} ngày', { times: count(extended.times), days: count(extended.daysAdded) })}</p>
        </>
      ),
      why: {
        what: 'extended',
        title: t('Vì sao {{n}} việc đã gia hạn?', { n: count(extended.tasks) }),
        terms: [],
        more: t('Một việc gia hạn nhiều lần được tính một việc; số lần và số ngày thêm đứng riêng.'),
      },
    },
    {
      key: 'waiting',
      title: t('Chờ xử lý của lãnh đạo'),
      only: { what: 'waiting', n: waiting.total },
      value: <Num value={waiting.total} scope={scope} what="waiting" />,
      beside: t('việc', { n: waiting.total }),
      lines: (
        <>
          <p className="kinds">
            {waiting.total === 0 ? t('Không có gì đang chờ.') : null}
            {kinds.map(([value, what, words]) => (value > 0 ? <span key={what}>{n(value, what, words)}</span> : null))}
          </p>
          {waiting.total > 0 && !past ? (
            <p className="acts">
              <Link className="btn primary" to={href(LIST_PATH, scope, { what: 'waiting' })}>
                {t('Xem và quyết {{n}} việc', { n: count(waiting.total) })}
              </Link>
            </p>
          ) : null}
        </>
      ),
      why: {
        what: 'waiting',
        title: t('Vì sao {{n}} việc chờ xử lý?', { n: count(waiting.total) }),
        terms: [
          { value: waiting.extensions, what: 'waiting-extension' },
          { value: waiting.completions, what: 'waiting-completion' },
          { value: waiting.explanations, what: 'waiting-explanation' },
          { value: waiting.returns, what: 'waiting-return' },
        ],
        more: t('Một việc chờ nhiều điều thì đứng ở mỗi điều, nhưng chỉ được tính một lần ở tổng.'),
      },
    },
  ];
}

/** Five answers about now; each says in line why it is what it is. */
export function Tiles({
  data,
  scope,
  unitName,
  rate,
  asked: askedScope,
}: {
  data: Dashboard;
  scope: Scope;
  unitName: string;
  /** The rate of the whole period that stands in front, counted as the reader chose. */
  rate: Rate | undefined;
  asked: Scope;
}) {
  const past = usePast();
  const [open, setOpen] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const whole =
    rate && rate.denominator > 0 ? (
      <p>
        {t('Cả kỳ: {{text}}', { text: rate.text })} (<Fraction rate={rate} scope={wholeOf(askedScope)} />, {rate.code})
      </p>
    ) : null;
  const tiles = tilesOf(data, scope, data.all.cells.O1, past, whole);
  const asked = tiles.find((tile) => tile.key === open);
  const close = () => {
    setOpen(null);
    opener.current?.focus();
  };
  useEscape(open !== null, close);
  return (
    <section aria-labelledby="h-tiles" className="five">
      <h2 id="h-tiles" className="vh">
        {t('Năm con số cần biết')}
      </h2>
      <div className="ftiles">
        {tiles.map((tile) => (
          <div key={tile.key} className={`ftile ${open === tile.key ? 'open' : ''}`} data-tile={tile.key}>
            <h3>
              <OnlyLink {...tile.only} className="whole">
                {tile.title}
                {tile.only.n > 0 ? <IconFilter size={14} aria-hidden /> : null}
              </OnlyLink>
            </h3>
            <p className="val">
              {tile.value} <small>{tile.beside}</small>
            </p>
            {tile.lines}
            <button
              type="button"
              className="whyb"
              aria-expanded={open === tile.key}
              aria-controls="vi-sao-o"
              onClick={(event) => {
                opener.current = event.currentTarget;
                setOpen(open === tile.key ? null : tile.key);
              }}
            >
              {t('Vì sao số này?')}
              <span className="vh"> {tile.title}</span>
            </button>
          </div>
        ))}
        <div id="vi-sao-o" className="whyslot" aria-live="polite">
          {asked ? <WhyWhat {...asked.why} scope={asked.key === 'on-time-90' ? wholeOf(scope) : scope} unitName={unitName} counted={data} close={close} /> : null}
        </div>
      </div>
    </section>
  );
}
