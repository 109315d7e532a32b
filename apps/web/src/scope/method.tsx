import { type ReactNode } from 'react';
import { AuthorityOptions } from '../forms/authority-options.tsx';
import { t } from '../i18n.ts';
import { COHORT_WORDS, POLICY_WORDS, RATE_WORDS } from '../words.ts';
import { type Scope } from './scope.ts';
import { useRates } from './units.ts';

const RATE_CODES = ['R1', 'R2', 'R2x', 'R3', 'R4', 'R5', 'R5m', 'R6'];
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function Pick({
  label,
  hint,
  value,
  change,
  children,
}: {
  label: string;
  hint?: string;
  value: string | null;
  change: (value: string | null) => void;
  children: ReactNode;
}) {
  return (
    <label className="pick tall">
      <span>
        {label}
        {hint ? <b className="whatmark">{hint}</b> : null}
      </span>
      <select value={value ?? ''} onChange={(event) => change(event.target.value || null)}>
        {children}
      </select>
    </label>
  );
}

/** The rarely used choices of how figures are counted. */
export function Method({ id, scope, go, official }: { id: string; scope: Scope; go: (change: Partial<Scope>) => void; official: string }) {
  const rates = useRates();
  const codes = rates.data?.map((rate) => rate.code) ?? RATE_CODES;
  const rateName = (code: string) => RATE_WORDS[code] ?? rates.data?.find((rate) => rate.code === code)?.name ?? code;
  return (
    <div id={id} className="method" role="group" aria-label={t('Cách tính')}>
      <div className="wrap">
        <Pick label={t('Tỷ lệ đứng trước')} value={scope.rate} change={(rate) => go({ rate })}>
          <option value="">{t('{{official}}. {{upper}} (chính thức)', { official, upper: upper(rateName(official)) })}</option>
          {codes
            .filter((code) => code !== official)
            .map((code) => (
              <option key={code} value={code}>{`${code}. ${upper(rateName(code))}`}</option>
            ))}
        </Pick>
        <Pick label={t('Tập việc')} value={scope.cohort} change={(cohort) => go({ cohort })}>
          <option value="">{upper(COHORT_WORDS['C2'] ?? 'C2')}</option>
          <option value="C1">{upper(COHORT_WORDS['C1'] ?? 'C1')}</option>
          <option value="C3">{upper(COHORT_WORDS['C3'] ?? 'C3')}</option>
        </Pick>
        <Pick label={t('Thời hạn dùng để xét')} value={scope.basis} change={(basis) => go({ basis })}>
          <option value="">{t('Hạn hiện hành')}</option>
          <option value="original">{t('Hạn ban đầu')}</option>
        </Pick>
        <Pick label={t('Cơ quan giao')} value={scope.authority} change={(authority) => go({ authority })}>
          <option value="">{t('Mọi cơ quan giao')}</option>
          <AuthorityOptions />
        </Pick>
        <Pick label={t('Đơn vị gồm')} value={scope.tree} change={(tree) => go({ tree })}>
          <option value="">{t('Riêng đơn vị đó')}</option>
          <option value="tree">{t('Cả đơn vị trực thuộc')}</option>
        </Pick>
        <Pick label={t('Tổ chức bộ máy')} value={scope.organisedAs} change={(organisedAs) => go({ organisedAs })}>
          <option value="">{t('Như vào lúc đó')}</option>
          <option value="is">{t('Như hiện nay')}</option>
        </Pick>
        <Pick label={t('Hạn trúng ngày nghỉ')} hint={t('giả định')} value={scope.policy} change={(policy) => go({ policy })}>
          <option value="">{t('Theo quy định lúc ghi hạn')}</option>
          {Object.entries(POLICY_WORDS).map(([code, word]) => (
            <option key={code} value={code}>
              {t('Giả định: {{word}}', { word })}
            </option>
          ))}
        </Pick>
        <Pick label={t('Làm tròn tỷ lệ')} value={scope.rounding} change={(rounding) => go({ rounding })}>
          <option value="">{t('Nửa lên, hai số lẻ')}</option>
          <option value="truncate">{t('Cắt bỏ, hai số lẻ')}</option>
        </Pick>
      </div>
    </div>
  );
}
