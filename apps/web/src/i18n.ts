import i18next from 'i18next';

export type Language = 'vi' | 'en';
const KEPT = 'nhacviec-language';

/** The reader's language: kept in the browser, Vietnamese until chosen otherwise. */
export function currentLanguage(): Language {
  try {
    return localStorage.getItem(KEPT) === 'en' ? 'en' : 'vi';
  } catch {
    // Storage is closed, or there is none.
    return 'vi';
  }
}

/** The page is loaded anew: words are looked up once, where they are written. */
export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Nothing can be kept, so nothing can be chosen.
  }
  window.location.reload();
}

// Vietnamese at once and without a table: every sentence is its own key. What the server says (sentences of figures, stories, errors) stays Vietnamese.
void i18next.init({
  lng: 'vi',
  resources: {},
  initAsync: false,
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  returnEmptyString: false,
});
// Vietnamese has no plural; English has: `{{n}} {{n, plural(one: task; other: tasks)}}`. Numbers arrive as they are written, `1` or `1.234`.
i18next.services.formatter?.add(
  'plural',
  (value: unknown, _language, { one, other }: { one?: string; other?: string }) => (String(value) === '1' ? one : other) ?? '',
);

/** Brings the reader's language, before any other module of the page is read. English is one table, fetched only by those who read it. */
export async function startWords(language: Language = currentLanguage()): Promise<void> {
  document.documentElement.lang = language;
  if (language === 'vi') return;
  i18next.addResourceBundle(language, 'translation', (await import('./en.json')).default);
  await i18next.changeLanguage(language);
}

/** A sentence in the reader's language: `t('{{n}} việc quá hạn', { n: count(3) })`. The sentence is written out where it is used, never built. */
export const t = (sentence: string, values: Readonly<Record<string, string | number>> = {}): string => i18next.t(sentence, values);

/** Words that go into the record and not to the reader: Vietnamese whatever the page is read in. */
export const asRecorded = (words: string): string => words;
