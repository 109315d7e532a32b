import i18next from 'i18next';

export type Language = 'vi' | 'en';
const KEPT = 'nhacviec-language';

/** The reader's language: kept in the browser, Vietnamese until chosen otherwise. */
export const currentLanguage = (): Language => (localStorage.getItem(KEPT) === 'en' ? 'en' : 'vi');

/** The page is loaded anew: words are looked up once, where they are written. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
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

/** Brings the reader's language, before any other module of the page is read. English is one table, fetched only by those who read it. */
export async function startWords(language: Language = currentLanguage()): Promise<void> {
  document.documentElement.lang = language;
  if (language === 'vi') return;
  i18next.addResourceBundle(language, 'translation', (await import('./en.json')).default);
  await i18next.changeLanguage(language);
}

/** A sentence in the reader's language: `t('{{n}} việc quá hạn', { n: count(3) })`. The sentence is written out where it is used, never built. */
export const t = (sentence: string, values: Readonly<Record<string, string | number>> = {}): string => i18next.t(sentence, values);
