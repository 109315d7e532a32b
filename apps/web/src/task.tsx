import { IconHistoryToggle } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ApiError, get, type Deadline, type Page, type Task, type TaskEvent, type Unit } from './api.ts';
import { count, day, dayOf, daysBetween, due, isDay, local, longDay, moment, positionText } from './format.ts';
import { Frame } from './frame.tsx';
import { LookIcon, stateWords } from './parts.tsx';
import { href, useScope, type Scope } from './scope.ts';
import { useUnits } from './scopebar.tsx';
import { Failure, Loading } from './states.tsx';
import { AUTHORITY_WORDS, BASIS_WORDS, lookOf, ROLE_WORDS } from './words.ts';

const dueWords = (deadline: Deadline | null): string =>
  !deadline?.dueOn
    ? 'Không thời hạn'
    : deadline.dueTime
      ? `${deadline.dueTime.slice(0, 5)} ${longDay(deadline.dueOn)}`
      : `hết ${longDay(deadline.dueOn)}`;

export function TaskPage() {
  const { id = '' } = useParams();
  const scope = useScope();
  const asOf = scope.day;
  const path = `/tasks/${encodeURIComponent(id)}`;
  const task = useQuery({ queryKey: ['task', id, asOf], queryFn: ({ signal }) => get<Task>(path, { asOf }, signal) });
  const story = useInfiniteQuery({
    queryKey: ['story', id, asOf],
    queryFn: ({ pageParam, signal }) => get<Page<TaskEvent>>(`${path}/events`, { asOf, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const data = task.data;
  const first = story.data?.pages[0];
  return (
    <Frame
      title={data ? data.code : 'Việc'}
      instant={first ? { asOf: first.asOf, position: first.position } : undefined}
      updatedAt={task.dataUpdatedAt || undefined}
      lost={task.error instanceof ApiError && task.error.status === 0}
    >
      {task.isError && !data ? (
        <Failure error={task.error} retry={() => void task.refetch()}>
          {asOf ? (
            <Link className="btn" to={href(`/viec/${encodeURIComponent(id)}`, { ...scope, day: null })}>
              Xem ở hiện tại
            </Link>
          ) : null}
          <Link className="btn" to={href('/viec', scope)}>
            Tìm việc khác
          </Link>
        </Failure>
      ) : data ? (
        <>
          <Facts task={data} scope={scope} />
          <div className="cols">
            <section aria-labelledby="h-story" className="mainc">
              <h2 id="h-story">Diễn biến</h2>
              {story.isError && !story.data ? (
                <p role="alert">{story.error.message} Tải lại trang để thử lại.</p>
              ) : (
                <ol className="story">
                  {(story.data?.pages ?? [])
                    .flatMap((page) => page.items)
                    .map((event) => (
                      <StoryLine key={event.id} event={event} later={isLater(event, first?.asOf ?? null)} />
                    ))}
                </ol>
              )}
              {story.hasNextPage ? (
                <button className="btn" type="button" onClick={() => void story.fetchNextPage()}>
                  Xem tiếp diễn biến
                </button>
              ) : null}
            </section>
            <Counting task={data} />
          </div>
        </>
      ) : (
        <Loading what="việc này" />
      )}
    </Frame>
  );
}

function Facts({ task, scope }: { task: Task; scope: Scope }) {
  const look = lookOf(task.cell);
  const words = stateWords(task);
  const extensions = typeof task.extensions === 'number' ? task.extensions : (task.extensions?.length ?? 0);
  const original = task.originalDeadline;
  const moved = original?.dueOn && original.dueOn !== task.deadline?.dueOn;
  const authority = AUTHORITY_WORDS[task.authority] ?? task.authority;
  return (
    <>
      <p className="crumb">
        <Link to={href('/', scope)}>Bảng điều hành</Link> ▸ <Link to={href('/viec', scope)}>Việc</Link>
      </p>
      <p className="eyebrow">
        <b className="code">{task.code}</b>
        <span>
          {authority} giao {longDay(task.assignedOn)}
        </span>
        {task.document ? (
          <span>
            Văn bản <b className="code">{task.document.number}</b> ngày {day(task.document.date)}, {task.document.issuer}
          </span>
        ) : null}
        {task.product ? <span>Sản phẩm: {task.product}</span> : null}
      </p>
      <h1 className="taskh">{task.content}</h1>
      {task.document?.title && task.document.title !== task.content ? <p className="quiet">Trích yếu: {task.document.title}</p> : null}
      <dl className="facts">
        <div>
          <dt>Chủ trì</dt>
          <dd>
            <span className="v">
              <Link to={href('/', { ...scope, unitId: task.leadUnitId })}>{task.leadUnitName}</Link>
            </span>
            {task.coordinatingUnits.length > 0 ? (
              <span className="x">Phối hợp: {task.coordinatingUnits.map((unit) => unit.name).join('; ')}</span>
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
          </dd>
        </div>
        <div>
          <dt>Trạng thái</dt>
          <dd>
            <span className={`v stt ${look === 'overdue' ? 't-overdue' : ''}`}>
              <LookIcon look={look} />
              {words.word}
              {words.more ? `, ${words.more}` : ''}
            </span>
            {task.submittedAt ? <span className="x">Báo cáo hoàn thành {moment(task.submittedAt)}</span> : null}
            {task.completedAt ? <span className="x">Xác nhận {moment(task.completedAt)}</span> : null}
          </dd>
        </div>
      </dl>
    </>
  );
}

function lateness(event: TaskEvent): string | null {
  const from = dayOf(event.occurredAt);
  const to = dayOf(event.recordedAt);
  return from < to ? `Nhập muộn ${count(daysBetween(from, to))} ngày` : null;
}

function actorWords(actor: NonNullable<TaskEvent['actor']>, units: readonly Unit[]): string {
  const unit = units.find((one) => one.id === actor.unitId)?.name ?? actor.unitId;
  const role = ROLE_WORDS[actor.role] ?? actor.role;
  return unit ? (actor.role === 'unit' ? unit : `${role}, ${unit}`) : role;
}

/** Known today, but it had not happened at the instant shown. */
const isLater = (event: TaskEvent, asOf: string | null): boolean =>
  asOf !== null && (isDay(asOf) ? dayOf(event.occurredAt) > asOf : Date.parse(event.occurredAt) > Date.parse(asOf));

function StoryLine({ event, later }: { event: TaskEvent; later: boolean }) {
  const units = useUnits();
  const late = lateness(event);
  const written = local(event.recordedAt);
  return (
    <li data-event={event.type} className={later ? 'later' : undefined}>
      <time className="w" dateTime={event.occurredAt}>
        {moment(event.occurredAt)}
      </time>
      <div>
        <p>
          {event.sentence}{' '}
          {late ? (
            <span className="badge">
              <IconHistoryToggle size={14} aria-hidden /> {late}
            </span>
          ) : null}
        </p>
        <p className="note">
          {later ? <b>Sau thời điểm đang xem · </b> : null}
          Ghi {written.seconds} {longDay(written.day)} · {positionText(event.position)}
          {event.actor ? <> · {actorWords(event.actor, units.data ?? [])}</> : null}
        </p>
        <details>
          <summary>
            Dữ liệu gốc<span className="vh"> của sự kiện {positionText(event.position)}</span>
          </summary>
          <pre tabIndex={0}>{JSON.stringify({ id: event.id, type: event.type, revision: event.revision, data: event.data }, null, 2)}</pre>
        </details>
      </div>
    </li>
  );
}

function Counting({ task }: { task: Task }) {
  const deadline = task.deadline;
  const steps = deadline?.steps ?? [];
  return (
    <section aria-labelledby="h-count" className="side">
      <h2 id="h-count">Cách tính hạn</h2>
      {!deadline?.dueOn ? (
        <p>Việc được giao không thời hạn, nên không nằm trong các tỷ lệ đúng hạn.</p>
      ) : (
        <>
          {deadline.phrase ? <p className="quiet">Nguyên văn: “{deadline.phrase}”.</p> : null}
          {steps.length > 0 ? (
            <ol className="steps">
              {steps.map((step, index) => (
                <li key={index}>
                  <span className="w">{step.day && isDay(step.day) ? longDay(step.day) : step.day}</span>
                  <span>
                    {step.text}
                    {step.source ? <span className="sub">{step.source}</span> : null}
                  </span>
                </li>
              ))}
            </ol>
          ) : null}
          {deadline.literalDueOn && deadline.literalDueOn !== deadline.dueOn ? (
            <p>
              Theo mặt chữ {due(deadline.literalDueOn, null)}; dời tới <b>{due(deadline.dueOn, deadline.dueTime)}</b> vì trúng ngày nghỉ.
            </p>
          ) : null}
          <p>
            Hạn có hiệu lực: <b>{dueWords(deadline)}</b>
            {deadline.dueTime ? '.' : ', kết thúc lúc 24:00.'}
          </p>
          {deadline.basis ? <p className="quiet">Loại hạn: {BASIS_WORDS[deadline.basis] ?? deadline.basis}.</p> : null}
        </>
      )}
    </section>
  );
}
