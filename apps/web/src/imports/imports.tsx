import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, get, read, remove, type Problem } from '../api.ts';
import { count, day, local } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { Frame, usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/imports.css';
import { ChooseFile } from './choose-file.tsx';
import { MapColumns } from './map-columns.tsx';
import { InTheWay, Rehearsal } from './rehearsal.tsx';
import { type ImportItem, type ImportState } from './types.ts';

const STEPS = [t('Chọn tệp'), t('Ghép cột'), t('Chạy thử'), t('Ghi'), t('Hoàn tác')] as const;
const LOOK_MS = 400;

/** Which step a list is at, from 0. */
function stepOf(state: ImportState | undefined, mapping: boolean): number {
  if (!state) return 0;
  if (state.phase === 'undone' || state.doing === 'undo') return 4;
  if (state.phase === 'committed' || state.doing === 'commit') return 3;
  return mapping || (state.phase === 'taken' && state.doing === null) ? 1 : 2;
}

function Steps({ at }: { at: number }) {
  return (
    <ol className="impsteps" aria-label={t('Các bước nhập')}>
      {STEPS.map((word, n) => (
        <li key={word} aria-current={n === at ? 'step' : undefined} data-done={n < at || undefined}>
          <span className="n">{n + 1}</span> {word}
          {n < at ? <span className="vh"> {t('(xong)')}</span> : null}
        </li>
      ))}
    </ol>
  );
}

/** Lists in XLSX and CSV: chosen, columns named, rehearsed, recorded, undone; each found again by its address. */
export function ImportsPage() {
  const { id } = useParams();
  const actor = useActor();
  const past = usePast();
  const office = roleOf(actor) === 'office';
  const client = useQueryClient();
  const list = useQuery({ queryKey: ['imports', 'list', actor], queryFn: ({ signal }) => get<{ items: ImportItem[] }>('/imports', {}, signal, actor), enabled: office && id === undefined });
  const one = useQuery({
    queryKey: ['imports', id],
    queryFn: ({ signal }) => get<ImportState>(`/imports/${id ?? ''}`, {}, signal, actor),
    enabled: office && id !== undefined,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.doing ? LOOK_MS : false),
  });
  const state = id === undefined ? undefined : one.data;
  const [mapping, setMapping] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [reason, setReason] = useState('');
  const head = useRef<HTMLHeadingElement>(null);
  const step = stepOf(state, mapping);
  const before = useRef(step);
  useEffect(() => {
    // The next step is where the reader goes on, also by keyboard.
    if (before.current !== step) head.current?.focus();
    before.current = step;
  }, [step]);
  const give = async (what: string, body: unknown) => {
    setSending(true);
    setProblem(null);
    try {
      client.setQueryData(['imports', id], await read<ImportState>(`/imports/${id ?? ''}/${what}`, body, undefined, actor));
      setMapping(false);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { title: t('Không làm được'), detail: String(error) });
    } finally {
      setSending(false);
    }
  };
  const title = state ? t('Nhập {{name}}', { name: state.name }) : t('Nhập danh sách');
  const failure = state?.failure;
  return (
    <Frame title={title}>
      <h1 ref={head} className="imphead" tabIndex={-1}>
        {title}
      </h1>
      {!office ? (
        <Nothing title={t('Chỉ văn phòng nhập danh sách')} advice={t('Chọn vai Văn phòng UBND tỉnh để nhập danh sách nhiệm vụ.')} />
      ) : past ? (
        <Nothing title={t('Đang xem quá khứ')} advice={t('Không ghi được từ đây; về hiện tại để nhập danh sách.')} />
      ) : (
        <>
          <Steps at={step} />
          {id === undefined ? (
            <>
              {list.isError ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
              <ChooseFile actor={actor} items={list.data?.items ?? []} />
            </>
          ) : one.isError && !state ? (
            <Failure error={one.error} retry={() => void one.refetch()}>
              <Link className="btn" to="/nhap">
                {t('Chọn tệp khác')}
              </Link>
            </Failure>
          ) : !state ? (
            <Loading what={t('lần nhập')} />
          ) : (
            <div data-phase={state.phase} data-doing={state.doing ?? 'none'}>
              {failure ? (
                <>
                  <Refusal problem={{ title: { rehearse: t('Chưa chạy thử được'), commit: t('Chưa ghi được'), undo: t('Chưa hoàn tác được') }[failure.doing], detail: failure.detail }} events={[]} />
                  {failure.tasks ? <InTheWay tasks={failure.tasks} /> : null}
                </>
              ) : null}
              {state.doing ? (
                <Working state={state} />
              ) : step === 1 ? (
                <MapColumns key={state.id} state={state} problem={problem} sending={sending} rehearse={(body) => void give('mapping', body)} />
              ) : step === 2 ? (
                <section aria-labelledby="chay-thu">
                  <h2 id="chay-thu">{t('Chạy thử')}</h2>
                  <Rehearsal state={state} actor={actor} />
                  {problem ? <Refusal problem={problem} events={[]} /> : null}
                  <p className="acts impacts">
                    <button type="button" className="btn primary" disabled={sending || state.rehearsed!.counts.events === 0} onClick={() => void give('commit', {})}>
                      {t('Ghi {{n}} việc', { n: count(state.rehearsed!.counts.new + state.rehearsed!.counts.extended) })}
                    </button>
                    <button type="button" className="btn" onClick={() => setMapping(true)}>
                      {t('Ghép lại cột')}
                    </button>
                    <span className="quiet">
                      {state.rehearsed!.counts.events === 0 ? t('Không có gì mới để ghi.') : t('Ghi tất cả dòng đã nhận, hoặc không dòng nào; dòng bị từ chối và dòng trái với nhật ký không được ghi.')}
                    </span>
                  </p>
                </section>
              ) : state.phase === 'committed' ? (
                <section aria-labelledby="da-ghi">
                  <h2 id="da-ghi">{t('Đã ghi')}</h2>
                  <p className="impsay" role="status" data-written={state.written!.tasks}>
                    {t('Đã ghi {{tasks}} việc với {{events}} sự kiện lúc {{time}}.', { tasks: count(state.written!.tasks), events: count(state.written!.events), time: `${local(state.written!.at).time} ${day(local(state.written!.at).day)}` })}
                  </p>
                  {state.written!.tasks > 0 ? (
                    <form
                      className="form impform"
                      onSubmit={(event) => {
                        event.preventDefault();
                        void give('undo', { reason });
                      }}
                    >
                      <h3>{t('Hoàn tác cả lần nhập')}</h3>
                      <p>{t('Việc do lần nhập này tạo ra được hủy do nhập sai, sự kiện thêm vào việc cũ được hủy ghi nhận; lý do đứng trong nhật ký. Nếu có việc đã được ghi tiếp thì không hủy gì và nêu tên việc ấy.')}</p>
                      <Labelled label={t('Lý do')} required errors={refusalsOf(problem, 'reason')}>
                        {(ids) => <textarea {...ids} rows={2} value={reason} required onChange={(event) => setReason(event.target.value)} />}
                      </Labelled>
                      {problem ? <Refusal problem={problem} events={[]} /> : null}
                      <p className="acts">
                        <button type="submit" className="btn" disabled={sending || reason.trim() === ''}>
                          {t('Hoàn tác {{n}} việc', { n: count(state.written!.tasks) })}
                        </button>
                      </p>
                    </form>
                  ) : null}
                </section>
              ) : (
                <section aria-labelledby="da-hoan-tac">
                  <h2 id="da-hoan-tac">{t('Đã hoàn tác')}</h2>
                  <p className="impsay" role="status" data-undone={state.undone!.tasks}>
                    {t('Đã hoàn tác {{tasks}} việc; lý do: {{reason}}.', { tasks: count(state.undone!.tasks), reason: state.undone!.reason })}
                  </p>
                </section>
              )}
              <p className="acts impacts">
                <Link className="btn plain" to="/nhap">
                  {t('Nhập tệp khác')}
                </Link>
                {state.doing === null ? (
                  <button type="button" className="btn plain" onClick={() => void remove(`/imports/${state.id}`, actor).then(() => { window.location.assign('/nhap'); })}>
                    {t('Xóa tệp đã tải lên')}
                  </button>
                ) : null}
              </p>
            </div>
          )}
        </>
      )}
    </Frame>
  );
}

/** Long work: a real count, and leave to go away. */
function Working({ state }: { state: ImportState }) {
  const { done, total } = state.progress ?? { done: 0, total: 0 };
  const words = { rehearse: t('Đang chạy thử'), commit: t('Đang ghi'), undo: t('Đang hoàn tác') }[state.doing!];
  return (
    <div className="impworking" role="status">
      <p>
        <b>{words}</b>: {total > 0 ? t('{{done}} trong {{total}} dòng', { done: count(done), total: count(total) }) : t('đang bắt đầu…')}
      </p>
      <progress max={total || 1} value={total > 0 ? done : undefined} aria-label={words} />
      <p className="quiet">{t('Có thể rời trang này; công việc vẫn chạy và tìm lại được ở mục Nhập danh sách.')}</p>
    </div>
  );
}
