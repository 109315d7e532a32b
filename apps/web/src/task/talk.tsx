import { IconDownload } from '@tabler/icons-react';
import { Link } from 'react-router';
import { type Task, type TaskEvent } from '../api.ts';
import { moment } from '../format.ts';
import { sizeWords } from '../forms/files-field.tsx';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { href, type Scope } from '../scope/scope.ts';
import { dueWords } from './counting.tsx';
import { decidedOf, type AskedKind, type Decided } from './turns.ts';

interface Turn {
  key: string;
  asked: string;
  text: string;
  answered: string | null;
  answer: string;
  /** In the words of the record. */
  said?: boolean;
}

const ASKED: Readonly<Record<AskedKind, (at: string) => string>> = {
  extension: (occurredAt) => t('Đơn vị đề nghị gia hạn, {{occurredAt}}', { occurredAt }),
  return: (occurredAt) => t('Đơn vị đề nghị trả lại, {{occurredAt}}', { occurredAt }),
  explanation: (askedAt) => t('Yêu cầu giải trình, {{askedAt}}', { askedAt }),
};

/** A decided request in the sentences of its two events; `lang` is theirs. */
const decidedTurn = ({ kind, request, decision }: Decided): Turn => ({
  key: request.id,
  asked: ASKED[kind](moment(request.occurredAt)),
  text: request.sentence,
  answered: t('{{what}}, {{at}}', { what: decision.name, at: moment(decision.occurredAt) }),
  answer: decision.sentence,
  said: true,
});

function turnsOf(task: Task, events: readonly TaskEvent[]): Turn[] {
  // The last explanation is told by the task itself.
  const turns: Turn[] = decidedOf(events)
    .filter(({ kind, request }) => kind !== 'explanation' || Date.parse(request.occurredAt) !== Date.parse(task.explanation?.askedAt ?? ''))
    .map(decidedTurn);
  const { pendingExtension: extension, pendingReturn: back, explanation, objectiveCause: cause } = task;
  if (extension) {
    turns.push({
      key: 'gia-han',
      asked: t('Đơn vị đề nghị gia hạn, {{occurredAt}}', { occurredAt: moment(extension.occurredAt) }),
      text: t('Xin đến {{due}}; lý do: {{reason}}', { due: dueWords(extension.deadline), reason: extension.reason }),
      answered: null,
      answer: t('Chưa quyết. Hạn cũ vẫn chạy.'),
    });
  }
  if (back)
    turns.push({
      key: 'tra-lai',
      asked: t('Đơn vị đề nghị trả lại, {{occurredAt}}', { occurredAt: moment(back.occurredAt) }),
      text: back.reason,
      answered: null,
      answer: t('Chưa quyết. Hạn vẫn chạy.'),
    });
  if (explanation) {
    turns.push({
      key: 'giai-trinh',
      asked: t('Yêu cầu giải trình, {{askedAt}}', { askedAt: moment(explanation.askedAt) }),
      text: explanation.question,
      answered: explanation.answeredAt ? t('Đơn vị trả lời, {{answeredAt}}', { answeredAt: moment(explanation.answeredAt) }) : null,
      answer: explanation.answer ?? t('Chưa trả lời.'),
    });
  }
  if (cause)
    turns.push({
      key: 'khach-quan',
      asked: t('Nguyên nhân khách quan, {{at}}', { at: moment(cause.at) }),
      text: cause.reason,
      answered: t('Văn bản xác nhận'),
      answer: cause.document,
    });
  if (task.coordinatingUnits.length > 0) {
    const answered = task.coordinatingUnits.filter((unit) => unit.answeredAt);
    const silent = task.coordinatingUnits.filter((unit) => !unit.answeredAt);
    turns.push({
      key: 'phoi-hop',
      asked: t('Hỏi ý kiến phối hợp'),
      text: task.coordinatingUnits.map((unit) => unit.name).join('; '),
      answered:
        answered.length > 0
          ? t('Đã trả lời: {{units}}', {
              units: answered.map((unit) => `${unit.name}${unit.answeredAt ? ` (${moment(unit.answeredAt)})` : ''}`).join('; '),
            })
          : null,
      answer:
        silent.length > 0
          ? t('Chưa trả lời: {{units}}', { units: silent.map((unit) => unit.name).join('; ') })
          : t('Mọi đơn vị đã trả lời.'),
    });
  }
  return turns;
}

/** The requests and what became of them. */
export function Talk({ task, events }: { task: Task; events: readonly TaskEvent[] }) {
  const turns = turnsOf(task, events);
  if (turns.length === 0) return null;
  return (
    <section aria-labelledby="h-talk">
      <h2 id="h-talk">{t('Hỏi và trả lời')}</h2>
      <ul className="talk">
        {turns.map((turn) => (
          <li key={turn.key} data-decided={turn.said ? 'yes' : undefined}>
            <div>
              <p className="quiet">{turn.asked}</p>
              <p lang={turn.said ? saidIn() : undefined}>{turn.text}</p>
            </div>
            <div>
              {turn.answered ? <p className="quiet">{turn.answered}</p> : null}
              <p lang={turn.said ? saidIn() : undefined}>{turn.answer}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Files that prove the completion: kept by what is in them, so the name is their fingerprint. */
export function Evidence({ task }: { task: Task }) {
  if (task.evidence.length === 0) return null;
  return (
    <section aria-labelledby="h-files">
      <h2 id="h-files">{t('Chứng cứ hoàn thành')}</h2>
      <ul className="files">
        {task.evidenceFiles.map((file) => (
          <li key={file.id} data-file={file.id}>
            {file.state === 'kept' ? (
              <a href={`/api/v1/files/${encodeURIComponent(file.id)}`} download>
                <IconDownload size={16} aria-hidden /> {file.name}
              </a>
            ) : (
              <span className="warnt">
                {file.state === 'missing' ? t('Tệp này không còn trong kho; hãy khôi phục từ bản sao lưu.') : t('Tệp này đã hỏng trong kho; hãy khôi phục từ bản sao lưu.')}
              </span>
            )}
            {file.state === 'kept' ? <span className="quiet">{sizeWords(file.size ?? 0)}</span> : null}
            <span className="quiet code sha">SHA-256 {file.id}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const ENDED_WORDS: Readonly<Record<string, string>> = {
  transferred: t('chuyển cơ quan khác'),
  returned: t('trả lại'),
  withdrawn: t('thu hồi'),
  cancelled: t('hủy'),
  duplicate: t('trùng việc'),
};

/** Who led when, and the parts of the work handed on. */
export function Hands({ task, scope }: { task: Task; scope: Scope }) {
  if (task.assignments.length < 2 && task.subtasks.length === 0) return null;
  return (
    <section aria-labelledby="h-hands">
      <h2 id="h-hands">{task.assignments.length > 1 ? t('Các cơ quan đã chủ trì') : t('Việc con')}</h2>
      {task.assignments.length > 1 ? (
        <ol className="hands">
          {task.assignments.map((one) => (
            <li key={`${one.unitId} ${one.from}`}>
              <Link to={href('/', { ...scope, unitId: one.unitId })}>{one.unitName}</Link>{' '}
              <span className="quiet">
                {one.to
                  ? t('từ {{from}} đến {{to}}', { from: moment(one.from), to: moment(one.to) })
                  : t('từ {{from}}, hiện nay', { from: moment(one.from) })}
                {one.endedBy ? `; ${ENDED_WORDS[one.endedBy] ?? one.endedBy}` : ''}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      {task.subtasks.length > 0 ? (
        <>
          {task.assignments.length > 1 ? <h3>{t('Việc con')}</h3> : null}
          <ul className="hands">
            {task.subtasks.map((one) => (
              <li key={one.id}>
                <Link to={href(`/viec/${encodeURIComponent(one.id)}`, scope)}>{one.content}</Link>{' '}
                <span className="quiet code">{one.code}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
