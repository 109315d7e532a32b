import { Link } from 'react-router';
import { type Task } from '../api.ts';
import { count, day, longDay, moment } from '../format.ts';
import { LookIcon, stateWords } from '../parts.tsx';
import { replayHref } from '../replay/link.ts';
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
        <Link to={href('/', scope)}>Bảng điều hành</Link> ▸ <Link to={href('/viec', scope)}>Việc</Link> ·{' '}
        <Link to={replayHref(task.code, scope)}>Phát lại</Link>
      </p>
      <p className="eyebrow">
        <b className="code">{task.code}</b>
        <span>
          {authority} giao {longDay(task.assignedOn)}
        </span>
        {task.document ? (
          <span>
            Văn bản{' '}
            <Link className="code" to={task.documentId ? href(`/van-ban/${encodeURIComponent(task.documentId)}`, scope) : href('/viec', scope, { q: task.document.number })}>
              {task.document.number}
            </Link>{' '}
            ngày {day(task.document.date)}, {task.document.issuer}
          </span>
        ) : null}
        {task.product ? <span>Sản phẩm: {task.product}</span> : null}
        {task.starred ? <span>Việc trọng tâm</span> : null}
      </p>
      <h1 className="taskh">{task.content}</h1>
      {task.document?.title && task.document.title !== task.content ? <p className="quiet">Trích yếu: {task.document.title}</p> : null}
      {task.duplicateOf ? (
        <p className="aside">
          Trùng với việc <Link to={link(task.duplicateOf.id)}>{task.duplicateOf.code}</Link>: không tính nữa, coi như đôn đốc việc ấy.
        </p>
      ) : null}
      {task.parentTaskId ? (
        <p className="aside">
          Là việc con của <Link to={link(task.parentTaskId)}>việc này</Link>; không tính ở cấp trên.
        </p>
      ) : null}
      {task.routine ? <p className="aside">Công việc thường xuyên, không tính vào số liệu.</p> : null}
      <dl className="facts">
        <div>
          <dt>Chủ trì</dt>
          <dd>
            <span className="v">
              <Link to={href('/', { ...scope, unitId: task.leadUnitId })}>{task.leadUnitName}</Link>
            </span>
            {task.coordinatingUnits.length > 0 ? (
              <span className="x">
                Phối hợp: {task.coordinatingUnits.map((unit) => `${unit.name}${unit.answeredAt ? ' (đã trả lời)' : ''}`).join('; ')}
              </span>
            ) : null}
            {task.assignments.length > 1 ? (
              <span className="x">Đã chuyển cơ quan chủ trì {count(task.assignments.length - 1)} lần</span>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>Thời hạn</dt>
          <dd>
            <span className="v">{dueWords(task.deadline)}</span>
            {task.deadline?.phrase ? <span className="x">Nguyên văn: “{task.deadline.phrase}”</span> : null}
            {extensions > 0 || moved ? (
              <span className="x">
                {extensions > 0 ? `Gia hạn ${count(extensions)} lần` : 'Hạn đã đổi'}
                {moved && original.dueOn ? `, hạn ban đầu ${longDay(original.dueOn)}` : ''}
              </span>
            ) : null}
            {task.pendingExtension ? (
              <span className="x">Đang xin gia hạn đến {dueWords(task.pendingExtension.deadline)}, chưa quyết</span>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>Trạng thái</dt>
          <dd>
            <span className={`v stt ${look === 'overdue' ? 't-overdue' : ''}`}>
              <LookIcon look={look} />
              <span>
                {words.word}
                {words.more ? `, ${words.more}` : ''}
              </span>
            </span>
            {task.percent ? <span className="x">Tiến độ {count(task.percent)} %</span> : null}
            {task.submittedAt ? <span className="x">Báo cáo hoàn thành {moment(task.submittedAt)}</span> : null}
            {task.completedAt ? (
              <span className="x">
                Xác nhận {moment(task.completedAt)}
                {task.approvalDelayDays ? `, sau ${count(task.approvalDelayDays)} ngày` : ''}
              </span>
            ) : null}
            {task.pendingReturn ? <span className="x">Đơn vị đề nghị trả lại, chưa quyết</span> : null}
            {task.urged.count > 0 ? (
              <span className="x">
                Đã đôn đốc {count(task.urged.count)} lần{task.urged.lastAt ? `, gần nhất ${moment(task.urged.lastAt)}` : ''}
              </span>
            ) : null}
          </dd>
        </div>
      </dl>
    </>
  );
}
