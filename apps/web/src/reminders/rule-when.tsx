import { useState } from 'react';
import { t } from '../i18n.ts';
import { URGENCIES } from '../urgencies.ts';
import { AUTHORITY_WORDS } from '../words.ts';
import { type When } from './types.ts';

const GIVING: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(AUTHORITY_WORDS).filter(([code]) => code !== 'all'));
const URGENCY_WORDS: Readonly<Record<string, string>> = Object.fromEntries(URGENCIES);

/** Which tasks a rule is about, in words. */
export function whenWords({ lengthFrom, lengthTo, authorities, fields, urgencies, starred }: When): string {
  const parts = [
    lengthFrom === undefined ? null : t('dài từ {{n}} ngày làm việc', { n: lengthFrom }),
    lengthTo === undefined ? null : t('dài đến {{n}} ngày làm việc', { n: lengthTo }),
    authorities === undefined ? null : t('do {{list}} giao', { list: authorities.map((code) => AUTHORITY_WORDS[code] ?? code).join(', ') }),
    fields === undefined ? null : t('lĩnh vực {{list}}', { list: fields.join('; ') }),
    urgencies === undefined ? null : t('độ khẩn {{list}}', { list: urgencies.map((one) => URGENCY_WORDS[one] ?? one).join(', ') }),
    starred === undefined ? null : starred ? t('trọng tâm') : t('không trọng tâm'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? t('Cho mọi việc đang mở.') : t('Cho việc {{parts}}.', { parts: parts.join(', ') });
}

/** What is left out does not matter: no choice is no condition, and not one that nothing fulfils. */
function changed(when: When, change: Partial<When>): When {
  return Object.fromEntries(Object.entries<unknown>({ ...when, ...change }).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));
}

function Choices({ name, label, given, words, onChange }: { name: string; label: string; given: readonly string[]; words: Readonly<Record<string, string>>; onChange: (list: string[]) => void }) {
  // Values that this page has no word for stand in the rule and are not to be lost.
  const all = [...Object.keys(words), ...given.filter((one) => !(one in words))];
  return (
    <fieldset className="rto" data-when={name}>
      <legend>{label}</legend>
      {all.map((one) => (
        <label key={one}>
          <input type="checkbox" checked={given.includes(one)} onChange={(event) => onChange(all.filter((other) => (other === one ? event.target.checked : given.includes(other))))} /> {words[one] ?? one}
        </label>
      ))}
    </fieldset>
  );
}

function Length({ label, value, onChange }: { label: string; value: number | undefined; onChange: (n: number | undefined) => void }) {
  return (
    <label className="rnumf">
      <span>{label}</span>
      <input type="number" min={0} max={10_000} value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))} />
    </label>
  );
}

const listed = (text: string): string[] => [...new Set(text.split(';').map((one) => one.trim()).filter((one) => one !== ''))];

/** The conditions of a rule: who gave the task, of what field and urgency, starred or not, and how long it is. */
export function WhenFields({ when, onChange }: { when: When; onChange: (when: When) => void }) {
  const put = (change: Partial<When>): void => onChange(changed(when, change));
  // As it is typed: a list made of it would swallow the separator that comes last.
  const [fields, setFields] = useState((when.fields ?? []).join('; '));
  const kept = when.fields ?? [];
  const shown = listed(fields).join('; ') === kept.join('; ') ? fields : kept.join('; ');
  return (
    <details className="rwhen">
      <summary>{whenWords(when)}</summary>
      <Choices name="authorities" label={t('Cơ quan giao')} given={when.authorities ?? []} words={GIVING} onChange={(authorities) => put({ authorities })} />
      <Choices name="urgencies" label={t('Độ khẩn')} given={when.urgencies ?? []} words={URGENCY_WORDS} onChange={(urgencies) => put({ urgencies })} />
      <p className="rempair">
        <label className="rnumf rwide">
          <span>{t('Lĩnh vực (cách nhau bằng dấu chấm phẩy)')}</span>
          <input
            type="text"
            name="fields"
            value={shown}
            onChange={(event) => {
              setFields(event.target.value);
              put({ fields: listed(event.target.value) });
            }}
          />
        </label>
      </p>
      <p className="rempair">
        <label className="rnumf">
          <span>{t('Việc trọng tâm')}</span>
          <select name="starred" value={when.starred === undefined ? '' : String(when.starred)} onChange={(event) => put({ starred: event.target.value === '' ? undefined : event.target.value === 'true' })}>
            <option value="">{t('có hay không đều được')}</option>
            <option value="true">{t('chỉ việc trọng tâm')}</option>
            <option value="false">{t('chỉ việc không trọng tâm')}</option>
          </select>
        </label>
        <Length label={t('dài từ (ngày làm việc)')} value={when.lengthFrom} onChange={(lengthFrom) => put({ lengthFrom })} />
        <Length label={t('dài đến (ngày làm việc)')} value={when.lengthTo} onChange={(lengthTo) => put({ lengthTo })} />
      </p>
      <p className="quiet">{t('Không chọn gì ở một ô là không kể đến ô ấy.')}</p>
    </details>
  );
}
