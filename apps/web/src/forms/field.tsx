import { useId, type ReactNode } from 'react';
import { type Problem, type ProblemItem } from '../api.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';

/** The refusals that belong to one field: those whose pointer starts with its name. */
export const refusalsOf = (problem: Problem | null, name: string): readonly ProblemItem[] =>
  (problem?.errors ?? []).filter((item) => item.pointer === `/${name}` || item.pointer?.startsWith(`/${name}/`));

/** A label, its control and what is wrong with it, tied together for those who cannot see them side by side. */
export function Labelled({
  label,
  hint,
  required,
  errors = [],
  children,
}: {
  label: string;
  hint?: string | undefined;
  required?: boolean | undefined;
  errors?: readonly ProblemItem[];
  children: (ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }) => ReactNode;
}) {
  const id = useId();
  const wrong = errors.length > 0;
  return (
    <div className={wrong ? 'field wrong' : 'field'}>
      <label htmlFor={id}>
        {label}
        {required ? null : <span className="opt"> {hint ? t('(không bắt buộc; {{hint}})', { hint }) : t('(không bắt buộc)')}</span>}
        {required && hint ? <span className="opt"> ({hint})</span> : null}
      </label>
      {children({ id, 'aria-describedby': wrong ? `${id}-sai` : undefined, 'aria-invalid': wrong || undefined })}
      <FieldErrors id={`${id}-sai`} errors={errors} />
    </div>
  );
}

export function FieldErrors({ id, errors }: { id?: string; errors: readonly ProblemItem[] }) {
  if (errors.length === 0) return null;
  return (
    <p id={id} className="ferr">
      {errors.map((item, at) => (
        <span key={at} lang={item.code === undefined ? undefined : saidIn()}>
          {item.detail ?? item.code}
        </span>
      ))}
    </p>
  );
}
