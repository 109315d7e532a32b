import { roleOf, useActor } from '../actor.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { hasInbox, personAmong, useInboxPeople, usePerson } from './inbox-people.ts';

/** How much the inbox holds that nobody has looked at, beside its name in the row of pages; nothing where there is nothing. */
export function Unseen() {
  const actor = useActor();
  const people = useInboxPeople(actor, hasInbox(roleOf(actor)));
  const unseen = personAmong(people.data?.items ?? [], usePerson())?.unseen ?? 0;
  return unseen === 0 ? null : (
    <span className="unseen" data-unseen={unseen}>
      {count(unseen)}
      <span className="vh"> {t('chưa xem')}</span>
    </span>
  );
}
