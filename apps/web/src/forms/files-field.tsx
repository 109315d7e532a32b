import { useRef, useState } from 'react';
import { upload, type ProblemItem } from '../api.ts';
import { t } from '../i18n.ts';
import { Labelled } from './field.tsx';
import { Picked } from './picked.tsx';

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
  onChange: (files: readonly Kept[]) => void;
}) {
  const [busy, setBusy] = useState(0);
  const [refused, setRefused] = useState<ProblemItem[]>([]);
  // While one is sent others may be added or taken away.
  const latest = useRef(files);
  latest.current = files;
  const add = async (chosen: readonly File[]) => {
    setRefused([]);
    for (const file of chosen) {
      setBusy((n) => n + 1);
      try {
        const stored = await upload(file, actor);
        const kept = latest.current.filter((one) => one.id !== stored.id);
        latest.current = [...kept, { id: stored.id, name: file.name, size: file.size }];
        onChange(latest.current);
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
        {busy > 0 ? t('Đang gửi tệp…') : files.length > 0 ? t('Đã giữ:') : ''}
      </p>
      <Picked
        items={files.map((file) => ({ id: file.id, word: `${file.name}, ${sizeWords(file.size)}` }))}
        remove={(id) => onChange(files.filter((file) => file.id !== id))}
      />
    </div>
  );
}
