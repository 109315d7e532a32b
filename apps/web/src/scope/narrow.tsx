import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, type Figures } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { asQuery, type Scope } from './scope.ts';

/** How many of the choices that narrow the scope are made. */
export const narrowed = (scope: Scope): number => [scope.field, scope.starred, scope.documentNumber].filter((one) => one !== null).length;

/** The fields there are in the scope, each with its tasks, whatever field is chosen. */
function useFields(scope: Scope) {
  const query = { ...asQuery({ ...scope, field: null }), groupBy: 'field' };
  return useQuery({
    queryKey: ['figures', 'fields', query],
    queryFn: async ({ signal }) => (await get<Figures>('/figures', query, signal)).groups?.filter(({ key, total }) => key !== '' && total > 0) ?? [],
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** Which tasks are looked at, beside whose and when: a field, the starred ones, a document. Each goes into the address and stands as a chip. */
export function Narrow({ id, scope, go }: { id: string; scope: Scope; go: (change: Partial<Scope>) => void }) {
  const fields = useFields(scope);
  const [number, setNumber] = useState(scope.documentNumber ?? '');
  useEffect(() => setNumber(scope.documentNumber ?? ''), [scope.documentNumber]);
  const take = () => {
    const typed = number.trim() || null;
    if (typed !== scope.documentNumber) go({ documentNumber: typed });
  };
  const stray = scope.field !== null && !(fields.data ?? []).some(({ key }) => key === scope.field);
  return (
    <div id={id} className="method" role="group" aria-label={t('Lọc số liệu')}>
      <div className="wrap">
        <label className="pick tall">
          <span>{t('Lĩnh vực')}</span>
          <select name="linhVuc" value={scope.field ?? ''} onChange={(event) => go({ field: event.target.value || null })}>
            <option value="">{t('Mọi lĩnh vực')}</option>
            {stray ? <option value={scope.field ?? ''}>{scope.field}</option> : null}
            {(fields.data ?? []).map(({ key, label, total }) => (
              <option key={key} value={key}>
                {t('{{field}} ({{n}} việc)', { field: label, n: count(total) })}
              </option>
            ))}
          </select>
        </label>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            take();
          }}
        >
          <label className="pick tall">
            <span>{t('Văn bản nguồn')}</span>
            <input type="text" name="soVanBan" value={number} placeholder={t('số, ký hiệu; Enter để lọc')} onChange={(event) => setNumber(event.target.value)} onBlur={take} />
          </label>
        </form>
        <label className="check">
          <input type="checkbox" name="sao" checked={scope.starred !== null} onChange={(event) => go({ starred: event.target.checked ? 'co' : null })} /> {t('Chỉ việc trọng tâm')}
        </label>
      </div>
    </div>
  );
}
