import { useRef, useState } from 'react';
import { type Figures } from '../api.ts';
import { useEscape } from '../escape.ts';
import { Explain } from '../explain.tsx';
import { t } from '../i18n.ts';
import { Fraction } from '../parts.tsx';
import { type Scope } from '../scope/scope.ts';
import { ratesInFront } from '../words.ts';

/** The rate in front and those beside it; each says why it is what it is. */
export function Rates({
  data,
  scope,
  unitName,
  front,
  official,
}: {
  data: Figures;
  scope: Scope;
  unitName: string;
  front: string;
  official: string;
}) {
  const [open, setOpen] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const shown = ratesInFront(front).flatMap((code) => data.rates.filter((rate) => rate.code === code));
  const others = data.rates.filter((rate) => !shown.includes(rate));
  const asked = shown.find((rate) => rate.code === open);
  useEscape(open !== null, () => {
    setOpen(null);
    opener.current?.focus();
  });
  return (
    <section aria-labelledby="h-rates" className="rates">
      <h2 id="h-rates" className="vh">
        {t('Các tỷ lệ')}
      </h2>
      <div className="tiles">
        {shown.map((rate) => (
          <div
            key={rate.code}
            className={`tile ${rate.code === front ? 'lead' : ''} ${open === rate.code ? 'open' : ''}`}
            data-rate={rate.code}
          >
            <h3>
              {rate.name}
              {rate.code === official && front !== official ? <span className="quiet"> · {t('chính thức')}</span> : null}
            </h3>
            <p className="val">
              <span className="rate">{rate.text}</span> <Fraction rate={rate} scope={scope} />
            </p>
            <p className="quiet">
              {rate.code} = {rate.formula}
            </p>
            <button
              type="button"
              className="whyb"
              aria-expanded={open === rate.code}
              aria-controls="vi-sao"
              onClick={(event) => {
                opener.current = event.currentTarget;
                setOpen(open === rate.code ? null : rate.code);
              }}
            >
              {t('Vì sao số này?')}
              <span className="vh"> {rate.name}</span>
            </button>
          </div>
        ))}
        <div id="vi-sao" className="whyslot">
          {asked ? <Explain pick={{ rate: asked.code }} scope={scope} unitName={unitName} close={() => setOpen(null)} /> : null}
        </div>
      </div>
      {others.length > 0 ? (
        <details className="more">
          <summary>{t('Các tỷ lệ khác ({{codes}})', { codes: others.map((rate) => rate.code).join(', ') })}</summary>
          <div className="scrollx" role="region" aria-label={t('Các tỷ lệ khác')} tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{t('Tỷ lệ')}</th>
                  <th scope="col" className="num">
                    {t('Giá trị')}
                  </th>
                  <th scope="col" className="num">
                    {t('Tử số/mẫu số')}
                  </th>
                  <th scope="col">{t('Cách tính')}</th>
                </tr>
              </thead>
              <tbody>
                {others.map((rate) => (
                  <tr key={rate.code}>
                    <th scope="row">
                      {rate.code}. {rate.name}
                    </th>
                    <td className="num strong">{rate.text}</td>
                    <td className="num">
                      <Fraction rate={rate} scope={scope} />
                    </td>
                    <td className="quiet">{rate.formula}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
    </section>
  );
}
