import { IconChevronDown } from '@tabler/icons-react';
import { at, known } from '../format.ts';
import { t } from '../i18n.ts';
import { type Scope } from './scope.ts';
import { useScopeName } from './units.ts';

/** What the choices of scope and time come to, in words; on a small screen it stands in their place until it is pressed. `more`: what else a page lets one choose. */
export function ScopeSummary({ scope, more, open, controls, toggle }: { scope: Scope; more: readonly (string | null)[]; open: boolean; controls: string; toggle: () => void }) {
  const whose = useScopeName(scope);
  const words = [
    whose,
    scope.day === null ? t('bây giờ') : t('lúc {{when}}', { when: at(scope.day) }),
    scope.knownAt === null ? null : t('biết đến {{when}}', { when: known(scope.knownAt) }),
    ...more,
  ].filter((one) => one !== null);
  return (
    <button type="button" className="scopesum" aria-expanded={open} aria-controls={controls} onClick={toggle}>
      <span className="vh">{t('Phạm vi và thời điểm:')} </span>
      <span className="said">{words.join(' · ')}</span>
      <span className="do" aria-hidden="true">
        {open ? t('Thu lại') : t('Đổi')} <IconChevronDown size={16} />
      </span>
    </button>
  );
}
