import { ChipWords } from '../scope/chips.tsx';

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
            <ChipWords text={word} />
          </button>
        </li>
      ))}
    </ul>
  );
}
