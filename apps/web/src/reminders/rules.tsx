import { IconPlus, IconSend, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type SubmitEvent } from 'react';
import { Link } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, get, newKey, read, send, type Problem } from '../api.ts';
import { count, longDay } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import '../styles/reminders.css';
import { hasInbox, personAmong, useInboxPeople, usePerson } from './inbox-people.ts';
import { Tabs, when } from './parts.tsx';
import { WhenFields } from './rule-when.tsx';
import { type Preview, type Rule, type Rules, type Step } from './types.ts';

const RECIPIENT_WORDS: Readonly<Record<string, string>> = {
  unit: t('cả đơn vị'),
  head: t('thủ trưởng đơn vị'),
  deputy: t('phó thủ trưởng đơn vị'),
  clerk: t('văn thư'),
  specialist: t('chuyên viên'),
  responder: t('người trả lời nhắc việc'),
  office: t('văn phòng theo dõi'),
  leader: t('lãnh đạo'),
};
const RECIPIENTS = Object.keys(RECIPIENT_WORDS);

const asProblem = (error: unknown): Problem => (error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });

/** `/nhac/quy-tac`: when whom, as data; seen before it is in force. */
export function RulesPage() {
  const actor = useActor();
  const may = ['office', 'admin'].includes(roleOf(actor));
  const client = useQueryClient();
  const rules = useQuery({ queryKey: ['reminder-rules'], queryFn: ({ signal }) => get<Rules>('/reminder-rules', {}, signal, actor) });
  const [draft, setDraft] = useState<{ morning: string; rules: Rule[] } | null>(null);
  const [reason, setReason] = useState('');
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [said, setSaid] = useState('');
  const data = rules.data;
  useEffect(() => {
    if (data) setDraft({ morning: data.morning, rules: data.rules });
  }, [data]);
  const changed = data !== undefined && draft !== null && JSON.stringify({ morning: data.morning, rules: data.rules }) !== JSON.stringify(draft);
  const foresee = async (): Promise<void> => {
    if (!draft) return;
    setProblem(null);
    try {
      setPreview(await read<Preview>('/reminder-rules/preview', { ...draft, days: 5 }, undefined, actor));
    } catch (error) {
      setPreview(null);
      setProblem(asProblem(error));
    }
  };
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!draft) return;
    setSending(true);
    setProblem(null);
    try {
      await send('/reminder-rules', { ...draft, reason: reason.trim() }, { actor, key: newKey() });
      setReason('');
      setSaid(t('Đã đặt quy tắc mới; dùng từ buổi nhắc tới.'));
      await client.invalidateQueries({ queryKey: ['reminder-rules'] });
    } catch (error) {
      setProblem(asProblem(error));
    }
    setSending(false);
  };
  const put = (at: number, rule: Rule) => setDraft(draft && { ...draft, rules: draft.rules.map((one, n) => (n === at ? rule : one)) });
  return (
    <Frame title={t('Quy tắc nhắc')} lost={rules.error instanceof ApiError && rules.error.status === 0}>
      <Tabs />
      {rules.isError && !data ? (
        <Failure error={rules.error} retry={() => void rules.refetch()} />
      ) : !data || !draft ? (
        <Loading what={t('quy tắc nhắc')} />
      ) : (
        <>
          <h1 className="listh">
            {data.version === 0 ? t('Quy tắc nhắc có sẵn') : t('Quy tắc nhắc, bản {{n}}', { n: String(data.version) })}
          </h1>
          <p className="dsay">
            {t('Nhắc vào {{morning}} các ngày làm việc, mỗi người một lời nhắc gộp; không có việc thì không nhắc. Ngày ở đây là ngày làm việc.', { morning: data.morning })}{' '}
            {data.setAt ? t('Đặt lúc {{at}}: {{reason}}', { at: when(data.setAt), reason: data.reason ?? '' }) : null}
          </p>
          <form className="rrules" noValidate onSubmit={(event) => void save(event)}>
            <fieldset disabled={!may}>
              <legend className="vh">{t('Quy tắc')}</legend>
              <Labelled label={t('Giờ nhắc buổi sáng')} required errors={refusalsOf(problem, 'morning')}>
                {(ids) => <input {...ids} type="time" value={draft.morning} onChange={(event) => setDraft({ ...draft, morning: event.target.value })} />}
              </Labelled>
              {draft.rules.map((rule, n) => (
                <RuleFields key={rule.id} rule={rule} errors={problem} at={n} onChange={(next) => put(n, next)} remove={() => setDraft({ ...draft, rules: draft.rules.filter((_, m) => m !== n) })} />
              ))}
              <p className="acts">
                <button
                  type="button"
                  className="btn"
                  onClick={() =>
                    setDraft({ ...draft, rules: [...draft.rules, { id: `quy-tac-${String(Date.now())}`, name: t('Quy tắc mới'), kind: 'ladder', on: true, when: {}, steps: [{ kind: 'before', days: 1 }], to: ['specialist'] }] })
                  }
                >
                  <IconPlus size={16} aria-hidden /> {t('Thêm quy tắc')}
                </button>
              </p>
            </fieldset>
            <p className="acts">
              <button type="button" className="btn" onClick={() => void foresee()} data-do="preview">
                {t('Xem trước 5 buổi tới')}
              </button>
            </p>
            {may && changed ? (
              <div className="form">
                <Labelled label={t('Lý do đổi')} required errors={refusalsOf(problem, 'reason')}>
                  {(ids) => <input {...ids} type="text" value={reason} onChange={(event) => setReason(event.target.value)} />}
                </Labelled>
                <p className="acts">
                  <button type="submit" className="btn primary" disabled={sending}>
                    {t('Đặt quy tắc')}
                  </button>
                  <button type="button" className="btn" onClick={() => setDraft({ morning: data.morning, rules: data.rules })}>
                    {t('Bỏ thay đổi')}
                  </button>
                </p>
              </div>
            ) : null}
            {problem ? <Refusal problem={problem} events={[]} /> : null}
            <p role="status">{said}</p>
          </form>
          {preview ? <PreviewTable preview={preview} /> : null}
          <TestSend />
          {data.versions.length > 1 ? (
            <section aria-labelledby="cac-ban">
              <h2 id="cac-ban">{t('Các bản đã đặt')}</h2>
              <ul className="rversions">
                {data.versions
                  .filter(({ version }) => version > 0)
                  .map((one) => (
                    <li key={one.version}>
                      {t('Bản {{n}}', { n: String(one.version) })} · {one.setAt ? when(one.setAt) : ''} · {one.reason}
                    </li>
                  ))}
              </ul>
            </section>
          ) : null}
        </>
      )}
    </Frame>
  );
}

function Numeric({ label, value, min = 0, max = 366, onChange }: { label: string; value: number; min?: number; max?: number; onChange: (n: number) => void }) {
  return (
    <label className="rnumf">
      <span>{label}</span>
      <input type="number" min={min} max={max} value={value} onChange={(event) => onChange(Number(event.target.value))} />
    </label>
  );
}

function Reach({ to, label, onChange }: { to: readonly string[]; label: string; onChange: (to: string[]) => void }) {
  return (
    <fieldset className="rto">
      <legend>{label}</legend>
      {RECIPIENTS.map((one) => (
        <label key={one}>
          <input type="checkbox" checked={to.includes(one)} onChange={(event) => onChange(event.target.checked ? RECIPIENTS.filter((other) => to.includes(other) || other === one) : to.filter((other) => other !== one))} /> {RECIPIENT_WORDS[one]}
        </label>
      ))}
    </fieldset>
  );
}

function StepFields({ step, onChange, remove }: { step: Step; onChange: (step: Step) => void; remove: () => void }) {
  return (
    <li>
      <label className="rnumf">
        <span className="vh">{t('Loại mốc')}</span>
        <select
          value={step.kind}
          onChange={(event) => onChange(event.target.value === 'share' ? { kind: 'share', percent: 50 } : event.target.value === 'overdue' ? { kind: 'overdue', first: 1, every: 2 } : { kind: 'before', days: 1 })}
        >
          <option value="share">{t('đã qua một phần thời gian')}</option>
          <option value="before">{t('trước hạn (0 là ngày đến hạn)')}</option>
          <option value="overdue">{t('sau khi quá hạn')}</option>
        </select>
      </label>
      {step.kind === 'share' ? <Numeric label={t('phần trăm')} value={step.percent} min={1} max={99} onChange={(percent) => onChange({ kind: 'share', percent })} /> : null}
      {step.kind === 'before' ? <Numeric label={t('ngày trước')} value={step.days} onChange={(days) => onChange({ kind: 'before', days })} /> : null}
      {step.kind === 'overdue' ? (
        <>
          <Numeric label={t('từ ngày thứ')} value={step.first} min={1} onChange={(first) => onChange({ ...step, first })} />
          <Numeric label={t('rồi cứ mỗi')} value={step.every} min={1} onChange={(every) => onChange({ ...step, every })} />
        </>
      ) : null}
      <button type="button" className="btn plain" onClick={remove}>
        <IconTrash size={16} aria-hidden /> {t('Bỏ mốc')}
      </button>
    </li>
  );
}

function RuleFields({ rule, at, errors, onChange, remove }: { rule: Rule; at: number; errors: Problem | null; onChange: (rule: Rule) => void; remove: () => void }) {
  const wrong = (errors?.errors ?? []).filter(({ pointer }) => pointer?.startsWith(`/rules/${String(at)}/`));
  const levels = rule.levels ?? [];
  return (
    <fieldset className="rrule" data-rule={rule.id}>
      <legend>
        <label>
          <input type="checkbox" checked={rule.on} onChange={(event) => onChange({ ...rule, on: event.target.checked })} /> <span lang={saidIn()}>{rule.name}</span>
        </label>
      </legend>
      <Labelled label={t('Tên quy tắc')} required errors={wrong}>
        {(ids) => <input {...ids} type="text" value={rule.name} onChange={(event) => onChange({ ...rule, name: event.target.value })} />}
      </Labelled>
      <WhenFields when={rule.when} onChange={(when) => onChange({ ...rule, when })} />
      {rule.kind === 'ladder' ? (
        <>
          <ul className="rsteps">
            {(rule.steps ?? []).map((step, n) => (
              <StepFields key={n} step={step} onChange={(next) => onChange({ ...rule, steps: (rule.steps ?? []).map((one, m) => (m === n ? next : one)) })} remove={() => onChange({ ...rule, steps: (rule.steps ?? []).filter((_, m) => m !== n) })} />
            ))}
          </ul>
          <p className="acts">
            <button type="button" className="btn plain" onClick={() => onChange({ ...rule, steps: [...(rule.steps ?? []), { kind: 'before', days: 1 }] })}>
              <IconPlus size={16} aria-hidden /> {t('Thêm mốc')}
            </button>
            <label>
              <input type="checkbox" checked={rule.urgent === true} onChange={(event) => onChange({ ...rule, urgent: event.target.checked })} /> {t('gửi riêng, khẩn')}
            </label>
            <label>
              <input type="checkbox" checked={rule.answer === true} onChange={(event) => onChange({ ...rule, answer: event.target.checked })} /> {t('hỏi câu trả lời')}
            </label>
          </p>
          <Reach label={t('Nhắc ai')} to={rule.to ?? []} onChange={(to) => onChange({ ...rule, to })} />
        </>
      ) : rule.kind === 'silence' ? (
        <>
          <p className="rempair">
            <Numeric label={t('không cập nhật đủ')} value={rule.days ?? 10} min={1} onChange={(days) => onChange({ ...rule, days })} />
            <Numeric label={t('rồi cứ mỗi')} value={rule.every ?? 10} min={1} onChange={(every) => onChange({ ...rule, every })} />
          </p>
          <Reach label={t('Nhắc ai')} to={rule.to ?? []} onChange={(to) => onChange({ ...rule, to })} />
        </>
      ) : (
        levels.map((level, n) => {
          const put = (change: Partial<(typeof levels)[number]>) => onChange({ ...rule, levels: levels.map((one, m) => (m === n ? { ...one, ...change } : one)) });
          return (
            <div key={n} className="rlevel">
              <p className="rempair">
                <b>{t('Cấp {{n}}', { n: String(n + 1) })}</b>
                {level.overdueDays === undefined ? null : <Numeric label={t('quá hạn đủ')} value={level.overdueDays} min={1} onChange={(overdueDays) => put({ overdueDays })} />}
                {level.urgings === undefined ? null : <Numeric label={t('hoặc đôn đốc đủ')} value={level.urgings} min={1} max={100} onChange={(urgings) => put({ urgings })} />}
              </p>
              <Reach label={t('Báo ai')} to={level.to} onChange={(to) => put({ to })} />
            </div>
          );
        })
      )}
      <p className="acts">
        <button type="button" className="btn plain" onClick={remove}>
          <IconTrash size={16} aria-hidden /> {t('Bỏ quy tắc')}
        </button>
      </p>
    </fieldset>
  );
}

function PreviewTable({ preview }: { preview: Preview }) {
  return (
    <section aria-labelledby="xem-truoc" data-preview="yes">
      <h2 id="xem-truoc">{t('Nếu không có gì thay đổi')}</h2>
      {preview.people === 0 ? <p className="warnt">{t('Danh bạ còn trống nên chưa ai được nhắc.')}</p> : null}
      <div className="rtable">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Sáng')}</th>
              <th scope="col" className="num">
                {t('Người')}
              </th>
              <th scope="col" className="num">
                {t('Lượt việc')}
              </th>
              <th scope="col">{t('Theo quy tắc')}</th>
              <th scope="col">{t('Ví dụ')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.days.map((one) => (
              <tr key={one.day}>
                <td data-label={t('Sáng')}>{longDay(one.day)}</td>
                <td data-label={t('Người')} className="num">
                  {count(one.people)}
                </td>
                <td data-label={t('Lượt việc')} className="num">
                  {count(one.slots)}
                </td>
                <td data-label={t('Theo quy tắc')}>
                  {one.rules.length === 0 ? t('không nhắc ai') : null}
                  {one.rules.map(({ id, name, tasks }) => (
                    <span key={id} className="remline" lang={saidIn()}>
                      {name}: {t('{{n}} việc', { n: count(tasks) })}
                    </span>
                  ))}
                </td>
                <td data-label={t('Ví dụ')}>
                  {one.sample.slice(0, 2).map((sample) => (
                    <span key={`${sample.personId} ${sample.kind}`} className="remline">
                      <b>{sample.personName}</b> <span className="quiet">{sample.unitName}</span>
                      {sample.tasks.slice(0, 2).map((task) => (
                        <span key={task.taskId} className="sub" lang={saidIn()}>
                          <Link to={`/viec/${encodeURIComponent(task.taskId)}`} className="code">
                            {task.code}
                          </Link>{' '}
                          {task.why}
                        </span>
                      ))}
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A message to oneself, to see that messages arrive. */
function TestSend() {
  const actor = useActor();
  const people = useInboxPeople(actor, hasInbox(roleOf(actor)));
  const person = personAmong(people.data?.items ?? [], usePerson());
  const [said, setSaid] = useState('');
  if (!person) return null;
  const test = async (): Promise<void> => {
    try {
      await send('/reminders/test', { personId: person.id, channel: 'email' }, { actor, key: newKey() });
      setSaid(t('Đã gửi thử cho {{name}}. Kết quả hiện trong hộp nhắc.', { name: person.name }));
    } catch (error) {
      setSaid(asProblem(error).detail ?? '');
    }
  };
  return (
    <section aria-labelledby="gui-thu">
      <h2 id="gui-thu">{t('Gửi thử')}</h2>
      <p>
        <button type="button" className="btn" onClick={() => void test()}>
          <IconSend size={16} aria-hidden /> {t('Gửi thử thư điện tử cho {{name}}', { name: person.name })}
        </button>{' '}
        <span className="quiet">{t('Thư thử chỉ gửi cho chính mình.')}</span>
      </p>
      <p role="status">{said}</p>
    </section>
  );
}
