import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { upload, type ProblemItem } from '../api.ts';
import { Labelled } from './field.tsx';

export interface Kept {
  id: string;
  name: string;
  size: number;
}

const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB` : `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;

/** Files are kept as soon as they are chosen; the command then names them by what they hold. */
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
  onChange: (files: Kept[]) => void;
}) {
  const [busy, setBusy] = useState(0);
  const [refused, setRefused] = useState<ProblemItem[]>([]);
  const add = async (chosen: readonly File[]) => {
    setRefused([]);
    let kept = [...files];
    for (const file of chosen) {
      setBusy((n) => n + 1);
      try {
        const stored = await upload(file, actor);
        if (!kept.some((one) => one.id === stored.id)) kept = [...kept, { id: stored.id, name: file.name, size: file.size }];
        onChange(kept);
      } catch (error) {
        setRefused((old) => [...old, { detail: `${file.name}: ${error instanceof Error ? error.message : String(error)}` }]);
      } finally {
        setBusy((n) => n - 1);
      }
    }
  };
  return (
    <div className="filesf">
      <Labelled label={label} errors={[...errors, ...refused]}>
        {(ids) => (
          <input
            {...ids}
            type="file"
            name="evidence"
            multiple
            onChange={(event) => {
              void add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        )}
      </Labelled>
      <p className="quiet" aria-live="polite">
        {busy > 0 ? 'Đang gửi tệp…' : files.length > 0 ? 'Đã giữ:' : ''}
      </p>
      {files.length > 0 ? (
        <ul className="picked">
          {files.map((file) => (
            <li key={file.id}>
              <button type="button" className="chip" onClick={() => onChange(files.filter((one) => one.id !== file.id))}>
                {file.name}, {sizeWords(file.size)}
                <IconX size={14} aria-hidden />
                <span className="vh">: bỏ</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
