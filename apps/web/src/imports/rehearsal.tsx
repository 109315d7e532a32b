import { IconAlertTriangle, IconArrowRight, IconBan, IconCheck, IconCircleDashed, IconEqual, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, type Page } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { saidIn } from '../said.tsx';
import { type ImportRow, type ImportState } from './types.ts';

const OUTCOMES = {
  new: { word: t('Việc mới'), Icon: IconPlus },
  extended: { word: t('Thêm sự kiện'), Icon: IconArrowRight },
  unchanged: { word: t('Không đổi'), Icon: IconEqual },
  contradiction: { word: t('Trái với nhật ký'), Icon: IconAlertTriangle },
  refused: { word: t('Từ chối'), Icon: IconBan },
  skipped: { word: t('Bỏ qua'), Icon: IconCircleDashed },
};

/** Third step: what each row would do; nothing is recorded. */
export function Rehearsal({ state, actor }: { state: ImportState; actor: string }) {
  const { counts, notices } = state.rehearsed!;
  const groups = [
    { key: 'all', word: t('Tất cả'), n: counts.tasks + counts.skipped },
    { key: 'new', word: t('Việc mới'), n: counts.new },
    { key: 'extended', word: t('Thêm sự kiện'), n: counts.extended },
    { key: 'unchanged', word: t('Không đổi'), n: counts.unchanged },
    { key: 'warned', word: t('Có cảnh báo'), n: null },
    { key: 'contradiction', word: t('Trái với nhật ký'), n: counts.contradictions },
    { key: 'refused', word: t('Từ chối'), n: counts.refused },
    { key: 'skipped', word: t('Bỏ qua'), n: counts.skipped },
  ];
  const [group, setGroup] = useState(counts.refused > 0 ? 'refused' : counts.contradictions > 0 ? 'contradiction' : 'all');
  const rows = useInfiniteQuery({
    queryKey: ['imports', state.id, 'rows', group, state.rehearsed!.at],
    queryFn: ({ pageParam, signal }) => get<Page<ImportRow>>(`/imports/${state.id}/rows`, { group, limit: '100', cursor: pageParam }, signal, actor),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const total = rows.data?.pages[0]?.total ?? 0;
  return (
    <>
      <p className="impsay" data-new={counts.new} data-refused={counts.refused}>
        {t('{{tasks}} dòng nhiệm vụ: {{new}} việc mới, {{extended}} việc thêm sự kiện, {{unchanged}} việc không đổi, {{contradictions}} dòng trái với nhật ký, {{refused}} dòng bị từ chối.', {
          tasks: count(counts.tasks),
          new: count(counts.new),
          extended: count(counts.extended),
          unchanged: count(counts.unchanged),
          contradictions: count(counts.contradictions),
          refused: count(counts.refused),
        })}
      </p>
      {notices.map((notice) => (
        <p key={notice} className="quiet" lang={saidIn()}>
          {notice}
        </p>
      ))}
      <p>
        <a className="btn" href={`/api/v1/imports/${state.id}/corrected`} download>
          {t('Tải danh sách kèm thông báo')}
        </a>{' '}
        <span className="quiet">{t('Sửa ngay trong tệp ấy rồi nhập lại; dòng đã ghi không bị ghi lần nữa.')}</span>
      </p>
      <div className="impgroups" role="group" aria-label={t('Xem nhóm dòng')}>
        {groups.map(({ key, word, n }) => (
          <button key={key} type="button" className="btn" aria-pressed={group === key} disabled={n === 0} onClick={() => setGroup(key)}>
            {word} {n === null ? null : <b>{count(n)}</b>}
          </button>
        ))}
      </div>
      <div className="imptable" tabIndex={0} role="region" aria-label={t('Các dòng của danh sách')}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="num">
                {t('Dòng')}
              </th>
              <th scope="col">{t('Kết quả')}</th>
              <th scope="col">{t('Nhiệm vụ')}</th>
              <th scope="col">{t('Thông báo')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => {
              const { word, Icon } = OUTCOMES[row.outcome];
              return (
                <tr key={row.record} data-outcome={row.outcome}>
                  <td className="num">{count(row.line)}</td>
                  <td className={row.outcome === 'refused' || row.outcome === 'contradiction' ? 't-overdue strong w' : 'w'}>
                    <Icon size={16} aria-hidden /> {word}
                  </td>
                  <td>
                    {row.documentNumber ? <span className="code">{row.documentNumber}</span> : null} {row.content ?? (row.label ? t('STT {{label}}', { label: row.label }) : '')}
                  </td>
                  <td lang={saidIn()}>
                    {row.messages.length === 0 ? <IconCheck size={16} aria-label={t('Không có gì phải nói')} /> : row.messages.map((one, n) => <p key={n}>{one.message}</p>)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Pager pages={rows} shown={items.length} total={total}>
        {rows.data ? t('Đang hiện {{n}} trong {{total}} dòng.', { n: count(items.length), total: count(total) }) : t('Đang tải…')}
      </Pager>
    </>
  );
}

/** Tasks that stand in the way of undoing. */
export function InTheWay({ tasks }: { tasks: readonly { id: string; taskCode: string | null; content: string | null }[] }) {
  return (
    <ul className="implist">
      {tasks.map((task) => (
        <li key={task.id}>
          <Link to={`/viec/${task.id}`}>{task.taskCode ?? task.id}</Link>
          <span lang={saidIn()}>{task.content}</span>
        </li>
      ))}
    </ul>
  );
}
