import { IconMail } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { asRecorded, t } from '../i18n.ts';

const SubscriptionForm = lazy(() => import('../reminders/subscription-form.tsx').then(({ SubscriptionForm: part }) => ({ default: part })));

/** The dashboard as it is seen here, to somebody, at a stated hour: the form is fetched when it is first asked for. */
export function SendRegularly({ unitName }: { unitName: string }) {
  const role = roleOf(useActor());
  const { search } = useLocation();
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  if (!['office', 'leader', 'unit'].includes(role)) return null;
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        <IconMail size={16} aria-hidden /> {t('Gửi định kỳ')}
      </button>
      <span role="status">
        {said}
        {said === '' ? null : (
          <>
            {' '}
            <Link to="/nhac/dinh-ky">{t('Xem các bản gửi định kỳ')}</Link>
          </>
        )}
      </span>
      <Suspense fallback={null}>
        {open ? (
          <SubscriptionForm
            query={search.replace(/^\?/, '')}
            name={asRecorded(`Bảng điều hành ${unitName}`).slice(0, 100)}
            close={() => setOpen(false)}
            done={(words) => {
              setSaid(words);
              setOpen(false);
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}
