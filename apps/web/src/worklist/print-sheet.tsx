import { IconPrinter } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { type TaskItem } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { stateWords } from '../parts.tsx';
import { OUT_WORDS } from '../words.ts';
import { shownColumns } from './columns.ts';
import { type useRows } from './use-rows.ts';

/** As many rows as one prints; the export has them all. */
export const MOST_PRINTED = 2_000;

/**
 * The list on paper: all of its rows and not those in sight. The button and Ctrl P fetch what has not been read yet before they print; whoever prints
 * from the menu of the browser, which waits for nothing, gets the rows read so far and is told so. The sheet is there while it is printed.
 */
export function usePrintSheet(rows: ReturnType<typeof useRows>, columns: readonly string[]): { button: ReactNode; sheet: ReactNode } {
  const [printed, setPrinted] = useState<readonly TaskItem[] | null>(null);
  const [fetching, setFetching] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const { total } = rows;
  const upTo = Math.min(total, MOST_PRINTED);
  const latest = useRef(rows);
  latest.current = rows;
  const print = async () => {
    if (fetching || latest.current.first.isPlaceholderData) return;
    setFailed(null);
    setFetching(true);
    try {
      await latest.current.load(upTo);
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
      return;
    } finally {
      setFetching(false);
    }
    window.print();
  };
  const printing = useRef(print);
  printing.current = print;
  useEffect(() => {
    const before = () => {
      const items: TaskItem[] = [];
      for (let n = 0; n < Math.min(latest.current.total, MOST_PRINTED); n++) {
        const item = latest.current.rowAt(n);
        if (!item) break;
        items.push(item);
      }
      // The paper is laid out as soon as this returns.
      flushSync(() => setPrinted(items));
    };
    const after = () => setPrinted(null);
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'p' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      void printing.current();
    };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
      window.removeEventListener('keydown', press);
    };
  }, []);
  return {
    button: (
      <>
        <button type="button" className="btn" disabled={fetching || rows.first.isPlaceholderData} onClick={() => void print()}>
          <IconPrinter size={16} aria-hidden /> {fetching ? t('Đang lấy {{n}} dòng để in…', { n: count(upTo) }) : total > MOST_PRINTED ? t('In {{n}} việc đầu', { n: count(MOST_PRINTED) }) : t('In')}
        </button>
        {failed === null ? null : (
          <span role="alert" className="t-overdue">
            {t('Chưa in được: {{why}}', { why: failed })}
          </span>
        )}
      </>
    ),
    sheet: printed === null ? null : <Sheet items={printed} total={total} columns={columns} />,
  };
}

function Sheet({ items, total, columns }: { items: readonly TaskItem[]; total: number; columns: readonly string[] }) {
  const shown = shownColumns(columns);
  return (
    <div className="printsheet">
      {items.length < total ? (
        <p>
          <b>
            {items.length < Math.min(total, MOST_PRINTED)
              ? t('In {{n}} việc đầu, đã đọc, trong {{total}} việc; nút In của trang in đủ tới {{most}} việc, tệp xuất XLSX, CSV có đủ.', { n: count(items.length), total: count(total), most: count(MOST_PRINTED) })
              : t('In {{n}} việc đầu trong {{total}} việc; tệp xuất XLSX, CSV có đủ.', { n: count(items.length), total: count(total) })}
          </b>
        </p>
      ) : null}
      <table className="tasks">
        <thead>
          <tr>
            {shown.map((column) => (
              <th key={column.key} scope="col" className={column.number ? 'num' : undefined}>
                {column.word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id} data-printed={item.id}>
              {shown.map((column) => (
                <td key={column.key} className={column.number ? 'num' : column.key === 'ma' || column.key === 'vanBan' ? 'code' : undefined}>
                  {column.key === 'hienTrang' ? stateOf(item) : column.key === 'noiDung' ? item.content : (column.text?.(item) ?? '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function stateOf(item: TaskItem): string {
  const { word, more } = stateWords(item);
  const name = OUT_WORDS[item.cell ?? ''] ?? word;
  return more ? `${name}, ${more}` : name;
}
