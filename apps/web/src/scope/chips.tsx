import { IconX } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useEscape } from '../escape.ts';
import { known } from '../format.ts';
import { AUTHORITY_WORDS, COHORT_WORDS, POLICY_WORDS, RATE_WORDS } from '../words.ts';
import { href, type Scope, type ScopeKey } from './scope.ts';

interface Chip {
  keys: readonly ScopeKey[];
  text: string;
  /** A way of counting that nobody decided. */
  whatIf?: true;
}

/** What differs from the default and is not read off the bar itself. */
export function chipsOf(scope: Scope): Chip[] {
  const chips: Chip[] = [];
  if (scope.knownAt) chips.push({ keys: ['knownAt'], text: `Biết đến ${known(scope.knownAt)}` });
  if (scope.tree) chips.push({ keys: ['tree'], text: 'Cả đơn vị trực thuộc' });
  if (scope.authority) chips.push({ keys: ['authority'], text: `Việc do ${AUTHORITY_WORDS[scope.authority] ?? scope.authority} giao` });
  if (scope.cohort) chips.push({ keys: ['cohort'], text: `Tập việc: ${COHORT_WORDS[scope.cohort] ?? scope.cohort}` });
  if (scope.basis) chips.push({ keys: ['basis'], text: 'Tính theo hạn ban đầu' });
  if (scope.policy) chips.push({ keys: ['policy'], text: `Giả định: ${POLICY_WORDS[scope.policy] ?? scope.policy}`, whatIf: true });
  if (scope.organisedAs) chips.push({ keys: ['organisedAs'], text: 'Theo tổ chức hiện nay' });
  if (scope.rounding) chips.push({ keys: ['rounding'], text: 'Cắt bỏ phần lẻ' });
  if (scope.rate) chips.push({ keys: ['rate'], text: `Định nghĩa ${scope.rate}: ${RATE_WORDS[scope.rate] ?? scope.rate}` });
  if (scope.sinceDay ?? scope.sinceKnownAt) chips.push({ keys: ['sinceDay', 'sinceKnownAt'], text: `So với ${sinceWords(scope)}` });
  return chips;
}

export function sinceWords(scope: Scope): string {
  const at = scope.sinceDay ?? scope.day;
  const when = at === null ? 'hiện tại' : known(at);
  if (scope.sinceKnownAt === null) return when;
  return scope.sinceKnownAt === at ? `${when}, như đã biết lúc đó` : `${when}, biết đến ${known(scope.sinceKnownAt)}`;
}

const without = (scope: Scope, keys: readonly ScopeKey[]): Scope => ({ ...scope, ...Object.fromEntries(keys.map((key) => [key, null])) });

export function Chips({ scope, path, extra }: { scope: Scope; path: string; extra?: Record<string, string> | undefined }) {
  const navigate = useNavigate();
  const chips = chipsOf(scope);
  const drop = (chip: Chip) => void navigate(href(path, without(scope, chip.keys), extra));
  const last = chips.at(-1);
  useEscape(last !== undefined, () => {
    if (last) drop(last);
  });
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label="Đang khác mặc định">
      {chips.map((chip) => (
        <li key={chip.keys[0]}>
          <button type="button" className={chip.whatIf ? 'chip whatif' : 'chip'} data-chip={chip.keys[0]} onClick={() => drop(chip)}>
            {chip.text}
            <IconX size={14} aria-hidden />
            <span className="vh">: bỏ</span>
          </button>
        </li>
      ))}
      <li className="quiet eschint">
        <kbd>Esc</kbd> bỏ mục cuối
      </li>
    </ul>
  );
}
