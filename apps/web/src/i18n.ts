export type Language = 'vi' | 'en';
type Values = Readonly<Record<string, string | number>>;
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

/** A sentence with what it has to say between its braces; `{{n}}` stands for the value of that name. */
const filled = (sentence: string, values: Values): string => sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));

let translate = filled;

/**
 * Brings the reader's language, before any other module of the page is read. In Vietnamese every sentence is its own key, and nothing is looked up:
 * the table of English and the library that reads it are fetched by those who read it. What the server says (sentences of figures, stories, errors)
 * stays Vietnamese.
 */
export async function startWords(language: Language = currentLanguage()): Promise<void> {
  document.documentElement.lang = language;
  if (language === 'en') translate = (await import('./english.ts')).translate;
}

/** A sentence in the reader's language: `t('{{n}} việc quá hạn', { n: count(3) })`. The sentence is written out where it is used, never built. */
export const t = (sentence: string, values: Values = {}): string => translate(sentence, values);

/** Words that go into the record and not to the reader: Vietnamese whatever the page is read in. */
export const asRecorded = (words: string): string => words;
