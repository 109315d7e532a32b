import { type ReactNode } from 'react';
import { currentLanguage } from './i18n.ts';

/** `lang` of what the server says, which is Vietnamese: needed only where the page is not. */
export const saidIn = (): 'vi' | undefined => (currentLanguage() === 'vi' ? undefined : 'vi');

/** What the server said, marked as Vietnamese inside a page that is read in another language. */
export function Said({ children }: { children: ReactNode }) {
  const lang = saidIn();
  return lang === undefined ? <>{children}</> : <span lang={lang}>{children}</span>;
}
