import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useEscape } from '../escape.ts';
import { Explain } from '../explain.tsx';
import { count, day, due } from '../format.ts';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { TaskPager } from '../pager.tsx';
import { LookIcon, stateWords } from '../parts.tsx';
import { href } from '../scope/scope.ts';
import { useScopeName } from '../scope/units.ts';
import { CELL_WORDS, FLOW_WORDS, lookOf, OUT_WORDS, PART_WORDS, RATE_WORDS } from '../words.ts';
import { behind, useBehind, type Behind } from './ask.ts';
import { NarrowTo } from './narrow-to.tsx';
import { whatWords } from './what-words.ts';
import { WhyWhat } from './why-what.tsx';

const PAGE = 50;

function nameOf({ pick }: Behind): string {
  if (pick['what']) return whatWords(pick['what'], pick['week'] ?? null).name;
  if (pick['cell'])
    return pick['cell']
      .split(',')
      .map((cell) => CELL_WORDS[cell] ?? cell)
      .join('; ');
  if (pick['part']) return PART_WORDS[pick['part']] ?? pick['part'];
  if (pick['flow']) return FLOW_WORDS[pick['flow']] ?? pick['flow'];
  if (pick['out']) return OUT_WORDS[pick['out']] ?? pick['out'];
  if (pick['rate'] === 'R3' && pick['side'] === 'denominator') return t('Tổng số được giao');
  if (pick['rate']) {
    const rate = RATE_WORDS[pick['rate']] ?? pick['rate'];
    return pick['side'] === 'numerator' ? t('Tử số: {{rate}}', { rate }) : t('Mẫu số: {{rate}}', { rate });
  }
  return t('Việc được tính trong con số này');
}

/** What a figure of `/figures` is asked to be explained by: one pick; a side of a rate is explained by the rate. */
function explainable(pick: Behind['pick']): Record<string, string> | null {
  const { side: _side, ...asked } = pick;
  return Object.keys(asked).length === 1 && !asked['cell']?.includes(',') ? asked : null;
}

/** Beside the dashboard: exactly the tasks behind the number that was clicked. The number's own link leads to the whole list. */
export function SidePanel({ link, close }: { link: string; close: () => void }) {
  const asked = behind(link);
  return asked ? <Opened key={link} link={link} asked={asked} close={close} /> : null;
}

function Opened({ link, asked, close }: { link: string; asked: Behind; close: () => void }) {
  const tasks = useBehind(asked, PAGE);
  const unitName = useScopeName(asked.scope);
  const [why, setWhy] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  useEscape(true, close);
  useEffect(() => {
    head.current?.focus({ preventScroll: true });
  }, []);
  const first = tasks.data?.pages[0];
  const items = (tasks.data?.pages ?? []).flatMap((page) => page.items);
  const name = nameOf(asked);
  const pick = explainable(asked.pick);
  return (
    <aside className="sidep" aria-label={name} data-panel={first ? 'ready' : 'loading'}>
      <div className="sph">
        <h2 ref={head} tabIndex={-1}>
          {first ? (
            <span className="big" data-panel-total={first.total}>
              {count(first.total)}
            </span>
          ) : null}{' '}
          {t('việc: {{name}}', { name })}
        </h2>
        <button type="button" className="btn plain" onClick={close}>
          <IconX size={16} aria-hidden /> {t('Đóng')}
        </button>
      </div>
      <p className="quiet">{unitName}</p>
      <p className="sptools">
        <Link to={link}>{t('Mở danh sách đầy đủ')}</Link>
        {first && first.total > 0 ? <NarrowTo pick={asked.pick} whose={asked.scope} here /> : null}
        <button type="button" className="whyb" aria-expanded={why} onClick={() => setWhy(!why)}>
          {t('Vì sao số này?')}
        </button>
      </p>
      {why && first ? (
        pick && asked.path === '/figures/list' ? (
          <Explain pick={pick} scope={asked.scope} unitName={unitName} />
        ) : (
          <WhyWhat
            title={t('{{name}}: {{n}} việc', { name, n: count(first.total) })}
            what={asked.pick['what'] ?? ''}
            week={asked.pick['week']}
            scope={asked.scope}
            unitName={unitName}
            counted={{ asOf: first.asOf ?? '', knownAt: first.knownAt ?? null, position: first.position }}
          />
        )
      ) : null}
      <ChangesPill position={first?.position} apply={() => tasks.refetch()} />
      {tasks.isError ? <p role="alert">{tasks.error.message}</p> : null}
      {first ? (
        first.total === 0 ? (
          <p>{t('Không có việc nào trong nhóm này, ở phạm vi và thời điểm đang xem.')}</p>
        ) : (
          <ul className="splist">
            {items.map((item) => {
              const words = stateWords(item);
              return (
                <li key={item.id} data-panel-task={item.id}>
                  <Link to={href(`/viec/${encodeURIComponent(item.id)}`, asked.scope)}>{item.content}</Link>
                  <span className="sub">
                    <span className="code">{item.code}</span>
                    <span>{item.leadUnitName}</span>
                    <span>{item.dueOn ? t('hạn {{due}}', { due: due(item.dueOn, item.dueTime) }) : t('giao {{day}}', { day: day(item.assignedOn) })}</span>
                    <span className={lookOf(item.cell) === 'overdue' ? 't-overdue' : ''}>
                      <LookIcon look={lookOf(item.cell)} /> {words.word}
                      {words.more ? `, ${words.more}` : ''}
                    </span>
                  </span>
                </li>
              );
            })}
          </ul>
        )
      ) : tasks.isError ? null : (
        <p role="status">{t('Đang tải danh sách…')}</p>
      )}
      {first && first.total > 0 ? <TaskPager pages={tasks} shown={items.length} total={first.total} by={PAGE} /> : null}
    </aside>
  );
}
