import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { ApiError, upload, type Problem } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, local, day } from '../format.ts';
import { Refusal } from '../forms/refusal.tsx';
import { sizeWords } from '../forms/files-field.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { type ImportItem, type ImportState } from './types.ts';

const MOST_BYTES = 32 * 1024 * 1024;

/** Where a list stands, in words. */
export function phaseWords({ phase, doing, failed }: Pick<ImportItem, 'phase' | 'doing' | 'failed'>): string {
  if (doing === 'rehearse') return t('Đang chạy thử');
  if (doing === 'commit') return t('Đang ghi');
  if (doing === 'undo') return t('Đang hoàn tác');
  if (failed) return t('Chưa xong, xem lý do');
  return { taken: t('Chờ ghép cột'), rehearsed: t('Đã chạy thử, chưa ghi'), committed: t('Đã ghi'), undone: t('Đã hoàn tác') }[phase];
}

/** First step: a file, dropped or chosen; and the lists that are still kept. */
export function ChooseFile({ actor, items }: { actor: string; items: readonly ImportItem[] }) {
  const navigate = useNavigate();
  const [unitId, setUnitId] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ file: File; part: number; stop: AbortController } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const take = async (file: File | undefined) => {
    if (!file || sending) return;
    setProblem(null);
    if (file.size === 0 || file.size > MOST_BYTES) {
      setProblem({ title: t('Không nhận tệp này'), detail: file.size === 0 ? t('Tệp trống.') : t('Tệp {{size}} quá lớn; tối đa 32 MiB.', { size: sizeWords(file.size) }) });
      return;
    }
    const controller = new AbortController();
    stop.current = controller;
    setSending({ file, part: 0, stop: controller });
    try {
      const query = unitId === null ? '' : `?unitId=${encodeURIComponent(unitId)}`;
      const state = await upload<ImportState>(file, actor, { path: `/imports${query}`, signal: controller.signal, onSent: (part) => setSending((old) => old && { ...old, part }) });
      stop.current = null;
      void navigate(`/nhap/${state.id}`);
    } catch (error) {
      if (!controller.signal.aborted) setProblem(error instanceof ApiError ? error.problem : { title: t('Không nhận tệp này'), detail: String(error) });
      setSending(null);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <section aria-labelledby="chon-tep">
      <h2 id="chon-tep">{t('Chọn tệp')}</h2>
      <div className="form impform">
        <UnitField label={t('Danh sách của đơn vị')} hint={t('để nhớ cách ghép cột của đơn vị ấy')} value={unitId} onChange={setUnitId} />
        <p className="quiet">{t('Cơ quan chủ trì, phối hợp ghi như trong danh mục đơn vị:')}</p>
        <ExportLinks path="/units" query={{}} />
      </div>
      <div
        className={over ? 'impdrop over' : 'impdrop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileSpreadsheet size={32} aria-hidden />
        {sending ? (
          <div role="status">
            <p>
              <b>{sending.file.name}</b> {sending.part < 1 ? t('đang gửi: {{n}} %', { n: Math.round(sending.part * 100) }) : t('đã gửi, đang đọc các trang…')}
            </p>
            <progress max={1} value={sending.part < 1 ? sending.part : undefined} aria-label={t('Đã gửi bao nhiêu của {{name}}', { name: sending.file.name })} />
            <p>
              <button type="button" className="btn plain" onClick={() => sending.stop.abort()}>
                {t('Dừng gửi')}
              </button>
            </p>
          </div>
        ) : (
          <>
            <p>{t('Kéo tệp XLSX hoặc CSV vào đây, hoặc')}</p>
            <button type="button" className="btn primary" onClick={() => input.current?.click()}>
              {t('Chọn tệp…')}
            </button>
            <p className="quiet">{t('Tối đa 32 MiB. Chưa ghi gì khi mới tải lên; tệp được giữ 7 ngày rồi tự xóa.')}</p>
          </>
        )}
        <input
          ref={input}
          className="vh"
          type="file"
          tabIndex={-1}
          aria-label={t('Tệp danh sách')}
          accept=".xlsx,.csv"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      {items.length > 0 ? (
        <>
          <h2>{t('Các lần nhập còn giữ')}</h2>
          <ul className="implist">
            {items.map((item) => (
              <li key={item.id}>
                <Link to={`/nhap/${item.id}`}>{item.name}</Link>
                <span className="quiet">
                  {day(local(item.uploadedAt).day)} {local(item.uploadedAt).time} · {phaseWords(item)}
                  {item.written ? ` · ${t('{{n}} việc', { n: count(item.written.tasks) })}` : ''}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
