import { type ReactNode } from 'react';
import { count } from './format.ts';
import { t } from './i18n.ts';

/** Only on paper, and only where the paper does not hold every row: how many of how many it has, and the way to all of them. */
export function PrintedPart({ shown, total, exported = false }: { shown: number; total: number; exported?: boolean }) {
  if (shown >= total) return null;
  return (
    <b className="onpaper" aria-hidden="true">
      {exported
        ? t('Bản in này có {{n}} trên {{total}} dòng; tệp xuất XLSX, CSV có đủ.', { n: count(shown), total: count(total) })
        : t('Bản in này có {{n}} trên {{total}} dòng; phần còn lại chưa đọc ra màn hình khi in.', { n: count(shown), total: count(total) })}
    </b>
  );
}

/** The foot of a list that is read page after page: what it says of itself, what a print of it holds, and the button for the next page. */
export function Pager({
  pages,
  shown,
  total,
  exported = false,
  more = t('Xem thêm'),
  children,
}: {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  shown: number;
  total: number;
  /** The list goes out as a file, too. */
  exported?: boolean;
  /** What the button says. */
  more?: string;
  children?: ReactNode;
}) {
  return (
    <p className="pager" aria-live="polite">
      {children}
      <PrintedPart shown={shown} total={total} exported={exported} />
      {pages.hasNextPage ? (
        <button className="btn" type="button" data-do="more" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {pages.isFetchingNextPage ? t('Đang tải…') : more}
        </button>
      ) : null}
    </p>
  );
}

/** The foot of a list of tasks. */
export function TaskPager({ pages, shown, total, by, exported = false }: Omit<Parameters<typeof Pager>[0], 'more' | 'children'> & { /** As many come with the next page. */ by: number }) {
  return (
    <Pager pages={pages} shown={shown} total={total} exported={exported} more={t('Xem thêm {{n}} việc', { n: count(Math.min(by, total - shown)) })}>
      {t('Đang hiện {{n}} trong {{total}} việc.', { n: count(shown), total: count(total) })}
    </Pager>
  );
}
