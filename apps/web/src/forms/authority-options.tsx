import { AUTHORITY_WORDS } from '../words.ts';

/** The authorities that give work, as choices of a select. */
export function AuthorityOptions() {
  return Object.entries(AUTHORITY_WORDS)
    .filter(([code]) => code !== 'all')
    .map(([code, word]) => (
      <option key={code} value={code}>
        {word}
      </option>
    ));
}
