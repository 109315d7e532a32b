import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { ApiError, newKey, send, type Problem } from '../api.ts';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { Modal } from '../quick/modal.tsx';
import { Failure, Loading } from '../states.tsx';
import { briefingPath, headersOf, type Asker } from './ask.ts';
import { type Briefing } from './types.ts';
import { clockOf, KIND_WORDS, shortDay } from './words.ts';

/** What was concluded is read back, one by one, before the meeting is closed: after that nothing is added. */
export function CloseDialog({ briefing, actor, close, done }: { briefing: Briefing; actor: string; close: () => void; done: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const key = useRef(newKey());
  const valid = briefing.conclusions.filter((row) => !row.struck);
  const submit = async (): Promise<void> => {
    setSending(true);
    try {
      await send(`${briefingPath(briefing.id)}/close`, {}, { actor, key: key.current });
      done();
      close();
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
      setSending(false);
    }
  };
  return (
    <Modal label={t('Kết thúc giao ban')} className="brdialog" close={close}>
      <h2>{t('Đọc lại trước khi kết thúc')}</h2>
      {valid.length === 0 ? (
        <p>{t('Chưa ghi kết luận nào. Vẫn có thể kết thúc.')}</p>
      ) : (
        <ol className="brreadback">
          {valid.map((row) => (
            <li key={row.id}>
              <span className="n">{row.number}</span>
              <span>
                <b>{row.unitShort ?? KIND_WORDS[row.kind]}</b>: {row.text}
                {row.dueOn ? t('; hạn {{day}}', { day: shortDay(row.dueOn) }) : ''}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p className="effect">
        <b>{t('Khi kết thúc:')}</b>{' '}
        {t('hai mốc được giữ lại (chốt {{at}} và lúc kết thúc), không ghi thêm kết luận, thông báo kết luận được lập ở dạng dự thảo.', {
          at: clockOf(briefing.cutOff.asOf),
        })}
      </p>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="button" className="btn primary" disabled={sending} autoFocus onClick={() => void submit()}>
          {sending ? t('Đang kết thúc…') : t('Kết thúc giao ban')}
        </button>
        <button type="button" className="btn" onClick={close}>
          {t('Họp tiếp')}
        </button>
      </p>
    </Modal>
  );
}

async function minutes(id: string, as: Asker, format: 'md' | 'docx'): Promise<Blob> {
  const answer = await fetch(`/api/v1${briefingPath(id)}/minutes?format=${format}`, { headers: headersOf(as) });
  if (!answer.ok) throw new ApiError(answer.status, { title: t('Không lấy được thông báo'), detail: await answer.text() });
  return answer.blob();
}

/** The draft of the notice of conclusions: read here, taken away as a file. Signing it is not a matter of this program. */
export function Minutes({ briefing, as }: { briefing: Briefing; as: Asker }) {
  const [says, setSays] = useState('');
  const text = useQuery({
    queryKey: ['briefing-minutes', briefing.id, briefing.position],
    queryFn: async () => (await minutes(briefing.id, as, 'md')).text(),
  });
  const take = async (format: 'md' | 'docx'): Promise<void> => {
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await minutes(briefing.id, as, format));
      link.download = `thong-bao-ket-luan-${briefing.cutOff.asOf.slice(0, 10)}.${format}`;
      link.click();
      URL.revokeObjectURL(link.href);
      setSays(t('Đã tải xuống.'));
    } catch (error) {
      setSays(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section className="brminutes" aria-labelledby="h-thong-bao">
      <h2 id="h-thong-bao">{t('Thông báo kết luận, dự thảo')}</h2>
      <p className="acts">
        <button type="button" className="btn primary" onClick={() => void take('docx')}>
          <IconDownload size={16} aria-hidden /> {t('Tải DOCX')}
        </button>
        <button type="button" className="btn" onClick={() => void take('md')}>
          <IconDownload size={16} aria-hidden /> {t('Tải MD')}
        </button>
        <Link className="btn" to={`/giao-ban/${encodeURIComponent(briefing.id)}/dien-bien`}>
          {t('Diễn biến buổi họp')}
        </Link>
      </p>
      <p role="status" className="quiet">
        {says}
      </p>
      {text.isError ? (
        <Failure error={text.error} retry={() => void text.refetch()} />
      ) : text.data === undefined ? (
        <Loading what={t('dự thảo')} />
      ) : (
        <pre tabIndex={0} aria-label={t('Dự thảo thông báo')}>
          {text.data}
        </pre>
      )}
    </section>
  );
}
