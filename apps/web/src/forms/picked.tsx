import { IconX } from '@tabler/icons-react';
import { t } from '../i18n.ts';

/** What has been chosen, each to be taken away again. */
export function Picked({
  label,
  items,
  remove,
}: {
  label?: string;
  items: readonly { id: string; word: string }[];
  remove: (id: string) => void;
}) {
  if (items.length === 0) return null;
  return (
    <ul className="picked" aria-label={label}>
      {items.map(({ id, word }) => (
        <li key={id}>
          <button type="button" className="chip" onClick={() => remove(id)}>
            {word}
            <IconX size={14} aria-hidden />
            <span className="vh">{t(': bỏ')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
