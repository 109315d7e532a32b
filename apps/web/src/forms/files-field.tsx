import { useEffect, useRef, useState } from 'react';
import { ApiError, upload, type ProblemItem } from '../api.ts';
import { t } from '../i18n.ts';
import { Labelled } from './field.tsx';
import { Picked } from './picked.tsx';

export interface Kept {
  id: string;
  name: string;
  size: number;
}

/** A file on its way, with the part of it that has left; or why it was not taken. */
interface Sending {
  key: number;
  file: File;
  part: number;
  stop: AbortController;
  refused: string | null;
}

/** As the server has it: asked here so that nobody sends 25 MiB to be told. */
const MOST_BYTES = 25 * 1024 * 1024;
const ACCEPTED = '.pdf,.docx,.xlsx,.pptx,.odt,.ods,.doc,.xls,.png,.jpg,.jpeg,.tif,.tiff,.txt,.csv';

export const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB` : `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;

const unfit = (file: File): string | null =>
  file.size === 0 ? t('tệp trống') : file.size > MOST_BYTES ? t('tệp {{size}} quá lớn; tối đa 25 MiB', { size: sizeWords(file.size) }) : null;

let keys = 0;

/** Files are kept as soon as they are chosen; the command then names them by what they hold. Each tells how far it is, and its own refusal. */
export function FilesField({
  label,
  files,
  actor,
  errors,
  onChange,
}: {
  label: string;
  files: readonly Kept[];
  actor: string;
  errors: readonly ProblemItem[];
  onChange: (files: readonly Kept[]) => void;
}) {
  const [sendings, setSendings] = useState<readonly Sending[]>([]);
  // While one is sent others may be added or taken away.
  const latest = useRef(files);
  latest.current = files;
  const current = useRef(sendings);
  current.current = sendings;
  // A form that is closed sends nothing on.
  useEffect(() => () => current.current.forEach(({ stop }) => stop.abort()), []);
  const change = (key: number, part: Partial<Sending> | null) =>
    setSendings((old) => (part === null ? old.filter((one) => one.key !== key) : old.map((one) => (one.key === key ? { ...one, ...part } : one))));
  const send = async ({ key, file, stop }: Sending) => {
    try {
      const stored = await upload(file, actor, { signal: stop.signal, onSent: (part) => change(key, { part }) });
      latest.current = [...latest.current.filter((one) => one.id !== stored.id), { id: stored.id, name: file.name, size: stored.size }];
      onChange(latest.current);
      change(key, null);
    } catch (error) {
      if (stop.signal.aborted) change(key, null);
      else change(key, { refused: error instanceof ApiError ? (error.problem.detail ?? t('Máy chủ không nhận tệp này.')) : String(error) });
    }
  };
  const add = (chosen: readonly File[]) => {
    const added = chosen.map((file): Sending => ({ key: ++keys, file, part: 0, stop: new AbortController(), refused: unfit(file) }));
    setSendings((old) => [...old.filter(({ refused }) => refused === null), ...added]);
    for (const one of added) if (one.refused === null) void send(one);
  };
  const wrong = sendings.flatMap(({ file, refused }) => (refused === null ? [] : [{ detail: `${file.name}: ${refused}` }]));
  const busy = sendings.filter(({ refused }) => refused === null);
  return (
    <div className="filesf">
      <Labelled label={label} errors={[...errors, ...wrong]} hint={t('PDF, Word, Excel, PowerPoint, ảnh, TXT, CSV; mỗi tệp tối đa 25 MiB')}>
        {(ids) => (
          <input
            {...ids}
            type="file"
            name="evidence"
            multiple
            accept={ACCEPTED}
            onChange={(event) => {
              add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        )}
      </Labelled>
      <p className="quiet" aria-live="polite">
        {busy.length > 0 ? t('Đang gửi {{n}} tệp…', { n: busy.length }) : files.length > 0 ? t('Đã giữ:') : ''}
      </p>
      {busy.length > 0 ? (
        <ul className="sendings">
          {busy.map((one) => (
            <li key={one.key}>
              <span>{one.file.name}</span>
              <progress max={1} value={one.part} aria-label={t('Đã gửi bao nhiêu của {{name}}', { name: one.file.name })} />
              <span className="quiet">{t('{{n}} %', { n: Math.round(one.part * 100) })}</span>
              <button type="button" className="btn plain" onClick={() => one.stop.abort()}>
                {t('Dừng gửi')}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <Picked
        items={files.map((file) => ({ id: file.id, word: `${file.name}, ${sizeWords(file.size)}, SHA-256 ${file.id.slice(0, 12)}…` }))}
        remove={(id) => onChange(files.filter((file) => file.id !== id))}
      />
    </div>
  );
}
