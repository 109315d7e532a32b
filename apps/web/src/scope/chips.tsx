import { IconX } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useEscape } from '../escape.ts';
import { known } from '../format.ts';
import { t } from '../i18n.ts';
import { AUTHORITY_WORDS, COHORT_WORDS, POLICY_WORDS, RATE_WORDS, wordOf } from '../words.ts';
import { whatWords } from '../dashboard/what-words.ts';
import { blockWord } from './blocks.ts';
import { useMine, type Mine } from './mine.ts';
import { href, onlyOf, toggleOnly, type Scope, type ScopeKey } from './scope.ts';

export interface Chip {
  keys: readonly ScopeKey[];
  text: string;
  /** One of several that stand under the same key. */
  one?: string;
  /** A way of counting that nobody decided. */
  whatIf?: true;
}

/** What differs from the default and is not read off the bar itself. */
export function chipsOf(scope: Scope, mine: Mine | null = null): Chip[] {
  const chips: Chip[] = [];
  if (scope.knownAt) chips.push({ keys: ['knownAt'], text: t('Biết đến {{knownAt}}', { knownAt: known(scope.knownAt) }) });
  if (scope.unitKind) chips.push({ keys: ['unitKind'], text: t('Khối {{block}}', { block: blockWord(scope.unitKind) }) });
  if (scope.tree) chips.push({ keys: ['tree'], text: t('Cả đơn vị trực thuộc') });
  if (scope.authority)
    chips.push({
      keys: ['authority'],
      text: mine?.be === scope.authority ? t('Tôi phụ trách: {{what}}', { what: mine.words }) : t('Việc do {{authority}} giao', { authority: wordOf(AUTHORITY_WORDS, scope.authority) }),
    });
  if (scope.field) chips.push({ keys: ['field'], text: t('Lĩnh vực: {{field}}', { field: scope.field }) });
  if (scope.documentNumber) chips.push({ keys: ['documentNumber'], text: t('Văn bản {{number}}', { number: scope.documentNumber }) });
  if (scope.starred) chips.push({ keys: ['starred'], text: t('Việc trọng tâm') });
  if (scope.cohort)
    chips.push({ keys: ['cohort'], text: t('Tập việc: {{cohort}}', { cohort: wordOf(COHORT_WORDS, scope.cohort) }) });
  if (scope.basis) chips.push({ keys: ['basis'], text: t('Tính theo hạn ban đầu') });
  if (scope.policy)
    chips.push({ keys: ['policy'], text: t('Giả định: {{policy}}', { policy: wordOf(POLICY_WORDS, scope.policy) }), whatIf: true });
  if (scope.organisedAs) chips.push({ keys: ['organisedAs'], text: t('Theo tổ chức hiện nay') });
  if (scope.rounding) chips.push({ keys: ['rounding'], text: t('Cắt bỏ phần lẻ') });
  if (scope.rate)
    chips.push({
      keys: ['rate'],
      text: t('Định nghĩa {{rate}}: {{rate2}}', { rate: scope.rate, rate2: wordOf(RATE_WORDS, scope.rate) }),
    });
  if (scope.sinceDay ?? scope.sinceKnownAt)
    chips.push({ keys: ['sinceDay', 'sinceKnownAt'], text: t('So với {{sinceWords}}', { sinceWords: sinceWords(scope) }) });
  // Chosen on the page itself, the last one last: what Esc takes away first.
  for (const one of onlyOf(scope)) chips.push({ keys: ['only'], one, text: t('Chỉ xem: {{what}}', { what: whatWords(one, null).name }) });
  return chips;
}

/** What is compared with where nothing was chosen. */
export const usualSince = (by: 'asked' | 'meeting' | 'week' | undefined): string => (by === 'meeting' ? t('giao ban trước') : t('7 ngày trước'));

export function sinceWords(scope: Scope): string {
  const at = scope.sinceDay ?? scope.day;
  const when = at === null ? t('hiện tại') : known(at);
  if (scope.sinceKnownAt === null) return when;
  return scope.sinceKnownAt === at
    ? t('{{when}}, như đã biết lúc đó', { when })
    : t('{{when}}, biết đến {{sinceKnownAt}}', { when, sinceKnownAt: known(scope.sinceKnownAt) });
}

/** Chips that leave tasks out; the others say when, what was known and how it is counted. */
const NARROWING: ReadonlySet<ScopeKey> = new Set<ScopeKey>(['authority', 'field', 'documentNumber', 'starred', 'only']);
export const narrowingChips = (scope: Scope): readonly Chip[] => chipsOf(scope).filter(({ keys }) => keys.some((key) => NARROWING.has(key)));

export const without = (scope: Scope, keys: readonly ScopeKey[]): Scope => ({ ...scope, ...Object.fromEntries(keys.map((key) => [key, null])) });

/** What stands in a chip that is dropped by a press. */
export const ChipWords = ({ text }: { text: string }) => (
  <>
    {text}
    <IconX size={14} aria-hidden />
    <span className="vh">{t(': bỏ')}</span>
  </>
);

/** Behind the last chip. */
export const EscapeHint = () => (
  <li className="quiet eschint">
    <kbd>Esc</kbd> {t('bỏ mục cuối')}
  </li>
);

/** `filters`: only those that say which tasks, on a page that counts nothing itself. */
export function Chips({ scope, path, extra, filters = false }: { scope: Scope; path: string; extra?: Record<string, string> | undefined; filters?: boolean }) {
  const navigate = useNavigate();
  const mine = useMine(scope);
  const chips = chipsOf(scope, mine).filter(({ keys }) => !filters || keys.some((key) => key === 'unitKind' || NARROWING.has(key)));
  const drop = (chip: Chip) => void navigate(href(path, chip.one === undefined ? without(scope, chip.keys) : toggleOnly(scope, chip.one), extra));
  const last = chips.at(-1);
  useEscape(last !== undefined, () => {
    if (last) drop(last);
  });
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label={t('Đang khác mặc định')}>
      {chips.map((chip) => (
        <li key={`${String(chip.keys[0])} ${chip.one ?? ''}`}>
          <button type="button" className={chip.whatIf ? 'chip whatif' : 'chip'} data-chip={chip.keys[0]} data-one={chip.one} onClick={() => drop(chip)}>
            <ChipWords text={chip.text} />
          </button>
        </li>
      ))}
      <EscapeHint />
    </ul>
  );
}
