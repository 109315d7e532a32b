import i18next from 'i18next';
import table from './en.json' with { type: 'json' };

void i18next.init({
  lng: 'en',
  resources: { en: { translation: table } },
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

/** A Vietnamese sentence in English; itself where the table has none. */
export const translate = (sentence: string, values: Readonly<Record<string, string | number>>): string => i18next.t(sentence, values);
