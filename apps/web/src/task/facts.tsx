import { Link } from 'react-router';
import { type Task } from '../api.ts';
import { count, day, longDay, moment } from '../format.ts';
import { t } from '../i18n.ts';
import { LookIcon, stateWords } from '../parts.tsx';
import { replayHref } from '../replay/link.ts';
import { saidIn } from '../said.tsx';
import { href, type Scope } from '../scope/scope.ts';
import { AUTHORITY_WORDS, lookOf } from '../words.ts';
import { dueWords } from './counting.tsx';

const extensionsOf = (task: Task): number => (typeof task.extensions === 'number' ? task.extensions : (task.extensions?.length ?? 0));

/** What a reader wants first: the content, who leads, until when, where it stands. */
export function Facts({ task, scope }: { task: Task; scope: Scope }) {
  const look = lookOf(task.cell);
  const words = stateWords(task);
  const extensions = extensionsOf(task);
  const original = task.originalDeadline;
  const moved = original?.dueOn && original.dueOn !== task.deadline?.dueOn;
  const authority = AUTHORITY_WORDS[task.authority] ?? task.authority;
  const link = (id: string) => href(`/viec/${encodeURIComponent(id)}`, scope);
  return (
    <>
      <p className="crumb">
        <Link to={href('/', scope)}>{t('Bảng điều hành')}</Link> ▸ <Link to={href('/viec', scope)}>{t('Việc')}</Link> ·{' '}
        <Link to={replayHref(task.code, scope)}>{t('Phát lại')}</Link> · <Link to={`/nhac/so?viec=${encodeURIComponent(task.id)}`}>{t('Sổ nhắc')}</Link>
      </p>
      <p className="eyebrow">
        <b className="code">{task.code}</b>
        <span>{t('{{authority}} giao {{assignedOn}}', { authority, assignedOn: longDay(task.assignedOn) })}</span>
        {task.document ? (
          <span>
            {t('Văn bản')}{' '}
            <Link
              className="code"
              to={
                task.documentId
                  ? href(`/van-ban/${encodeURIComponent(task.documentId)}`, scope)
                  : href('/viec', scope, { q: task.document.number })
              }
            >
              {task.document.number}
            </Link>{' '}
            {t('ngày {{date}}, {{issuer}}', { date: day(task.document.date), issuer: task.document.issuer })}
          </span>
        ) : null}
        {task.product ? <span>{t('Sản phẩm: {{product}}', { product: task.product })}</span> : null}
        {task.starred ? <span>{t('Việc trọng tâm')}</span> : null}
      </p>
      <h1 className="taskh" lang={saidIn()}>
        {task.content}
      </h1>
      {task.document?.title && task.document.title !== task.content ? (
        <p className="quiet">{t('Trích yếu: {{title}}', { title: task.document.title })}</p>
      ) : null}
      {task.duplicateOf ? (
        <p className="aside">
          {t('Trùng với việc')} <Link to={link(task.duplicateOf.id)}>{task.duplicateOf.code}</Link>
          {t(': không tính nữa, coi như đôn đốc việc ấy.')}
        </p>
      ) : null}
      {task.parentTaskId ? (
        <p className="aside">
          {t('Là việc con của')} <Link to={link(task.parentTaskId)}>{t('việc này')}</Link>
          {t('; không tính ở cấp trên.')}
        </p>
      ) : null}
      {task.routine ? <p className="aside">{t('Công việc thường xuyên, không tính vào số liệu.')}</p> : null}
      <dl className="facts">
        <div>
          <dt>{t('Chủ trì')}</dt>
          <dd>
            <span className="v">
              <Link to={href('/', { ...scope, unitId: task.leadUnitId })}>{task.leadUnitName}</Link>
            </span>
            {task.coordinatingUnits.length > 0 ? (
              <span className="x">
                {t('Phối hợp:')}{' '}
                {task.coordinatingUnits
                  .map((unit) => (unit.answeredAt ? t('{{name}} (đã trả lời)', { name: unit.name }) : unit.name))
                  .join('; ')}
              </span>
            ) : null}
            {task.assignments.length > 1 ? (
              <span className="x">{t('Đã chuyển cơ quan chủ trì {{n}} lần', { n: count(task.assignments.length - 1) })}</span>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>{t('Thời hạn')}</dt>
          <dd>
            <span className="v">{dueWords(task.deadline)}</span>
            {task.deadline?.phrase ? <span className="x">{t('Nguyên văn: “{{phrase}}”', { phrase: task.deadline.phrase })}</span> : null}
            {extensions > 0 || moved ? (
              <span className="x">
                {[
                  extensions > 0 ? t('Gia hạn {{n}} lần', { n: count(extensions) }) : t('Hạn đã đổi'),
                  ...(moved && original.dueOn ? [t('hạn ban đầu {{dueOn}}', { dueOn: longDay(original.dueOn) })] : []),
                ].join(', ')}
              </span>
            ) : null}
            {task.pendingExtension ? (
              <span className="x">{t('Đang xin gia hạn đến {{due}}, chưa quyết', { due: dueWords(task.pendingExtension.deadline) })}</span>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>{t('Trạng thái')}</dt>
          <dd>
            <span className={`v stt ${look === 'overdue' ? 't-overdue' : ''}`}>
              <LookIcon look={look} />
              <span>
                {words.word}
                {words.more ? `, ${words.more}` : ''}
              </span>
            </span>
            {task.percent ? <span className="x">{t('Tiến độ {{percent}} %', { percent: count(task.percent) })}</span> : null}
            {task.submittedAt ? (
              <span className="x">{t('Báo cáo hoàn thành {{submittedAt}}', { submittedAt: moment(task.submittedAt) })}</span>
            ) : null}
            {task.completedAt ? (
              <span className="x">
                {task.approvalDelayDays
                  ? t('Xác nhận {{at}}, sau {{days}} ngày', { at: moment(task.completedAt), days: count(task.approvalDelayDays) })
                  : t('Xác nhận {{at}}', { at: moment(task.completedAt) })}
              </span>
            ) : null}
            {task.pendingReturn ? <span className="x">{t('Đơn vị đề nghị trả lại, chưa quyết')}</span> : null}
            {task.urged.count > 0 ? (
              <span className="x">
                {task.urged.lastAt
                  ? t('Đã đôn đốc {{n}} lần, gần nhất {{at}}', { n: count(task.urged.count), at: moment(task.urged.lastAt) })
                  : t('Đã đôn đốc {{n}} lần', { n: count(task.urged.count) })}
              </span>
            ) : null}
          </dd>
        </div>
      </dl>
    </>
  );
}
