import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { type Finding } from './types.ts';
import { placeId, placeWords, SEVERITY_WORDS } from './words.ts';

const ICONS = { error: IconCircleX, warning: IconAlertTriangle, info: IconInfoCircle } as const;

/** To the place in the report that is shown beside: there is nothing to wait for, so the hash alone would not move a page that stands there already. */
function goTo(place: string): void {
  const found = document.getElementById(placeId(place));
  found?.scrollIntoView({ block: 'center' });
  found?.focus();
}

/** What the check found: what is wrong, where, and both values. Errors first. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const of = (severity: Finding['severity']): readonly Finding[] => findings.filter((one) => one.severity === severity);
  if (findings.length === 0) return <p>{t('Không thấy mâu thuẫn nào.')}</p>;
  return (
    <>
      <p className="rpcount">
        {t('{{errors}} lỗi, {{warnings}} cảnh báo, {{infos}} lưu ý.', { errors: count(of('error').length), warnings: count(of('warning').length), infos: count(of('info').length) })}
      </p>
      {(['error', 'warning', 'info'] as const).map((severity) => {
        const Icon = ICONS[severity];
        const all = of(severity);
        if (all.length === 0) return null;
        return (
          <details key={severity} className="rpfound" open={severity === 'error'} data-severity={severity}>
            <summary>
              <Icon size={16} aria-hidden /> {SEVERITY_WORDS[severity]} ({count(all.length)})
            </summary>
            <ul>
              {all.map((finding, n) => (
                <li key={n}>
                  <p lang={saidIn()}>{finding.detail}</p>
                  {finding.values.length > 1 && finding.values.some((value) => value !== finding.values[0]) ? (
                    <dl lang={saidIn()}>
                      {finding.values.map((value, at) => (
                        <div key={at}>
                          <dt>{finding.place[at] === undefined ? t('và') : placeWords(finding.place[at])}</dt>
                          <dd>{value}</dd>
                        </div>
                      ))}
                    </dl>
                  ) : null}
                  <p className="rpwhere">
                    {[...new Set(finding.place)].map((place) => (
                      <button key={place} type="button" className="btn plain" onClick={() => goTo(place)}>
                        {t('Tới {{place}}', { place: placeWords(place) })}
                      </button>
                    ))}
                  </p>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}
