import { IconDownload } from '@tabler/icons-react';
import { type Query } from './api.ts';
import { t } from './i18n.ts';

/** The list on the page as a file: same filters, same instant, every row of it. `path` is that of the list. */
export function ExportLinks({ path, query }: { path: string; query: Query }) {
  const address = (format: string): string => {
    const search = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
    return `/api/v1${path}/export?${search.toString()}`;
  };
  return (
    <p className="exports">
      <a className="btn" href={address('xlsx')} download>
        <IconDownload size={16} aria-hidden /> {t('Xuất XLSX')}
      </a>
      <a className="btn" href={address('csv')} download>
        <IconDownload size={16} aria-hidden /> {t('Xuất CSV')}
      </a>
    </p>
  );
}
