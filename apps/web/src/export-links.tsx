import { IconDownload } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { type Query } from './api.ts';
import { t } from './i18n.ts';

const FORMATS = { xlsx: t('Xuất XLSX'), csv: t('Xuất CSV'), docx: t('Xuất DOCX'), pdf: t('Xuất PDF') } as const;

/** The list on the page as a file: same filters, same instant, every row of it. `path` is that of the list, or of what is printed as a document; `children` are other ways to take it along. */
export function ExportLinks({ path, query, formats = ['xlsx', 'csv'], children }: { path: string; query: Query; formats?: readonly (keyof typeof FORMATS)[]; children?: ReactNode }) {
  const address = (format: string): string => {
    const search = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
    return `/api/v1${path}/export?${search.toString()}`;
  };
  return (
    <div className="exports">
      {formats.map((format) => (
        <a key={format} className="btn" data-do={format} href={address(format)} download>
          <IconDownload size={16} aria-hidden /> {FORMATS[format]}
        </a>
      ))}
      {children}
    </div>
  );
}
