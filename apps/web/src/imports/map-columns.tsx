import { useState } from 'react';
import { type Problem } from '../api.ts';
import { count } from '../format.ts';
import { Labelled } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { type Columns, type ImportState } from './types.ts';

/** Second step: which column of the file is what. What was guessed or remembered stands there already. */
export function MapColumns({ state, problem, sending, rehearse }: { state: ImportState; problem: Problem | null; sending: boolean; rehearse: (body: { sheet: number; header: number; columns: Columns }) => void }) {
  const first = Math.max(0, state.sheets.findIndex((one) => !one.hidden && !one.refusal));
  const [sheet, setSheet] = useState(state.chosen?.sheet ?? first);
  const shown = state.sheets[sheet]!;
  const start = (n: number): Columns => (state.chosen?.sheet === n ? state.chosen.columns : (state.sheets[n]!.remembered ?? state.sheets[n]!.guessed));
  const [columns, setColumns] = useState<Columns>(() => start(state.chosen?.sheet ?? first));
  const [all, setAll] = useState(false);
  const usual = state.columns.filter(({ key, needed }, n) => all || needed || n < 20 || columns[key] !== undefined);
  const missing = state.columns.filter(({ key, needed }) => needed && columns[key] === undefined).map(({ title }) => title);
  if (columns['phrase'] === undefined && columns['due'] === undefined) missing.push(t('Thời hạn (nguyên văn) hoặc Hạn xử lý'));
  const heading = (n: number): string => `${letters(n)} · ${shown.headings[n] || t('(trống)')}`;
  return (
    <section aria-labelledby="ghep-cot">
      <h2 id="ghep-cot">{t('Ghép cột')}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing.length === 0) rehearse({ sheet, header: shown.header, columns });
        }}
      >
        {state.sheets.length > 1 ? (
          <div className="impform">
            <Labelled label={t('Trang tính')} required>
              {(ids) => (
                <select
                  {...ids}
                  value={sheet}
                  onChange={(event) => {
                    const n = Number(event.target.value);
                    setSheet(n);
                    setColumns(start(n));
                  }}
                >
                  {state.sheets.map((one, n) => (
                    <option key={n} value={n} disabled={one.refusal !== undefined}>
                      {one.refusal ? t('{{name}} (không đọc được)', { name: one.name }) : t('{{name}} ({{n}} dòng)', { name: one.name, n: count(one.rows) })}
                    </option>
                  ))}
                </select>
              )}
            </Labelled>
          </div>
        ) : null}
        <p>
          {shown.remembered
            ? t('Cột đã ghép như lần trước của đơn vị này; {{n}} dòng dưới tiêu đề. Xem lại rồi chạy thử.', { n: count(shown.rows) })
            : t('Đã đoán cột theo tên ở dòng tiêu đề; {{n}} dòng dưới tiêu đề. Xem lại rồi chạy thử.', { n: count(shown.rows) })}
        </p>
        <ul className="impmap">
          {usual.map(({ key, title, needed }) => {
            const place = columns[key];
            const samples = place === undefined ? [] : shown.sample.map((row) => row[place] ?? '').filter((cell) => cell !== '').slice(0, 2);
            return (
              <li key={key}>
                <Labelled label={title} required={needed} hint={needed ? t('cần có') : undefined} errors={needed && place === undefined ? [{ detail: t('Chưa ghép cột này.') }] : []}>
                  {(ids) => (
                    <select
                      {...ids}
                      value={place ?? ''}
                      onChange={(event) => {
                        const chosen = event.target.value === '' ? undefined : Number(event.target.value);
                        setColumns((old) => {
                          const next: Columns = {};
                          // A column of the file is one thing only.
                          for (const [other, at] of Object.entries(old)) if (other !== key && at !== chosen) next[other] = at;
                          if (chosen !== undefined) next[key] = chosen;
                          return next;
                        });
                      }}
                    >
                      <option value="">{t('— tệp không có —')}</option>
                      {shown.headings.map((_, n) => (
                        <option key={n} value={n}>
                          {heading(n)}
                        </option>
                      ))}
                    </select>
                  )}
                </Labelled>
                <p className="quiet impsample">{samples.length > 0 ? t('Ví dụ: {{cells}}', { cells: samples.join(' · ') }) : '\u00a0'}</p>
              </li>
            );
          })}
        </ul>
        {all ? null : (
          <p>
            <button type="button" className="btn plain" onClick={() => setAll(true)}>
              {t('Hiện cả các cột ít dùng')}
            </button>
          </p>
        )}
        {missing.length > 0 ? <p className="ferr">{t('Còn thiếu: {{columns}}.', { columns: missing.join(', ') })}</p> : null}
        {problem ? <Refusal problem={problem} events={[]} /> : null}
        <p className="acts">
          <button type="submit" className="btn primary" disabled={missing.length > 0 || sending}>
            {t('Chạy thử')}
          </button>
          <span className="quiet">{t('Chạy thử không ghi gì.')}</span>
        </p>
      </form>
    </section>
  );
}

function letters(index: number): string {
  let word = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) word = String.fromCharCode(65 + ((n - 1) % 26)) + word;
  return word;
}
