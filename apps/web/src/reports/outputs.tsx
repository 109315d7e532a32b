import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { get, type Page } from '../api.ts';
import { count, isDay, local } from '../format.ts';
import { UnitField } from '../forms/unit-field.tsx';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { Failure, Loading } from '../states.tsx';
import '../styles/reports.css';
import { Tabs } from './tabs.tsx';

interface OverdueUnit {
  unitId: string;
  unitName: string;
  overdue: number;
  long: number;
  oldestDays: number;
}

function Download({ path, asOf, unitId, format, words, of }: { path: string; asOf: string; unitId?: string | null; format: string; words: string; of?: string }) {
  const search = new URLSearchParams({ ...(unitId ? { unitId } : {}), ...(asOf ? { asOf } : {}), format });
  return (
    <a className="btn" href={`/api/v1/outputs/${path}?${search.toString()}`} download>
      <IconDownload size={16} aria-hidden /> {words}
      {of ? <span className="vh"> {of}</span> : null}
    </a>
  );
}

/** `/bao-cao/van-ban`: papers besides reports. Each is a draft for people to number, date and sign. */
export function OutputsPage() {
  const system = useSystem();
  const today = system.data ? local(system.data.now).day : '';
  // As an escalation links here: whose letter, by what was overdue on which day.
  const [search, setSearch] = useSearchParams();
  const linked = search.get('donVi');
  const day = search.get('ngay');
  const [typed, setTyped] = useState<string | null>(day !== null && isDay(day) ? day : null);
  const [unitId, setUnitId] = useState<string | null>(linked);
  const asOf = typed ?? today;
  const overdue = useQuery({
    queryKey: ['outputs', 'overdue', asOf],
    queryFn: ({ signal }) => get<Page<OverdueUnit>>('/outputs/overdue', { asOf }, signal),
    enabled: asOf !== '',
  });
  const units = (overdue.data?.items ?? []).filter((one) => linked === null || one.unitId === linked);
  return (
    <Frame title={t('Văn bản, bảng biểu')}>
      <Tabs />
      <h1 className="listh">{t('Văn bản, bảng biểu')}</h1>
      <p className="quiet">{t('Mọi văn bản ở đây là dự thảo theo thể thức Nghị định 30/2020/NĐ-CP: số, ngày, chữ ký để cơ quan điền.')}</p>
      <p className="acts rpout">
        <label className="rpyear">
          {t('Số liệu đến hết ngày')} <input type="date" name="asOf" max={today} value={asOf} onChange={(event) => setTyped(event.target.value)} />
        </label>
      </p>
      <section className="rppaper" aria-label={t('Công văn đôn đốc')}>
        <h2>{t('Công văn đôn đốc')}</h2>
        {linked === null ? null : (
          <p className="acts">
            <button type="button" className="btn" onClick={() => setSearch({}, { replace: true })}>
              {t('Xem mọi đơn vị còn việc quá hạn')}
            </button>
          </p>
        )}
        {overdue.isError ? (
          <Failure error={overdue.error} retry={() => void overdue.refetch()} />
        ) : !overdue.data ? (
          <Loading what={t('các đơn vị còn việc quá hạn')} />
        ) : units.length === 0 ? (
          <p>{t('Không có việc quá hạn nên không có gì để đôn đốc.')}</p>
        ) : (
          <div className="scrollx" tabIndex={0} role="region" aria-label={t('Đơn vị còn việc quá hạn')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('Đơn vị')}</th>
                  <th scope="col" className="num">
                    {t('Quá hạn')}
                  </th>
                  <th scope="col" className="num">
                    {t('Trên 30 ngày')}
                  </th>
                  <th scope="col" className="num">
                    {t('Lâu nhất, ngày')}
                  </th>
                  <th scope="col">{t('Công văn, kèm danh mục')}</th>
                </tr>
              </thead>
              <tbody>
                {units.map((one) => (
                  <tr key={one.unitId} data-unit={one.unitId}>
                    <td>{one.unitName}</td>
                    <td className="num">{count(one.overdue)}</td>
                    <td className="num">{count(one.long)}</td>
                    <td className="num">{count(one.oldestDays)}</td>
                    <td>
                      <span className="acts">
                        <Download path="overdue-letter" asOf={asOf} unitId={one.unitId} format="docx" words={t('Word')} of={one.unitName} />
                        <Download path="overdue-letter" asOf={asOf} unitId={one.unitId} format="pdf" words={t('PDF')} of={one.unitName} />
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <section className="rppaper" aria-label={t('Phiếu nhắc việc')}>
        <h2>{t('Phiếu nhắc việc tuần')}</h2>
        <div className="form">
          <UnitField label={t('Đơn vị')} required value={unitId} onChange={setUnitId} />
          {unitId === null ? (
            <p className="quiet">{t('Chọn đơn vị để lập phiếu: việc quá hạn, đến hạn trong 7 ngày tới, chờ xác nhận.')}</p>
          ) : (
            <p className="acts">
              <Download path="weekly-sheet" asOf={asOf} unitId={unitId} format="docx" words={t('Word')} of={t('phiếu nhắc việc')} />
              <Download path="weekly-sheet" asOf={asOf} unitId={unitId} format="pdf" words={t('PDF')} of={t('phiếu nhắc việc')} />
            </p>
          )}
        </div>
      </section>
      <section className="rppaper" aria-label={t('Tài liệu giao ban')}>
        <h2>{t('Tài liệu giao ban')}</h2>
        <p>{t('Mỗi cơ quan giao một trang: số liệu, từng đơn vị, việc quá hạn lâu nhất.')}</p>
        <p className="acts">
          <Download path="briefing-pack" asOf={asOf} format="docx" words={t('Word')} of={t('tài liệu giao ban')} />
          <Download path="briefing-pack" asOf={asOf} format="pdf" words={t('PDF')} of={t('tài liệu giao ban')} />
        </p>
      </section>
      <section className="rppaper" aria-label={t('Bảng số liệu')}>
        <h2>{t('Bảng số liệu')}</h2>
        <p>{t('Theo đơn vị, cơ quan giao, lĩnh vực, tháng giao; mỗi bảng một trang tính.')}</p>
        <p className="acts">
          <Download path="figures-table" asOf={asOf} format="xlsx" words={t('Excel')} of={t('bảng số liệu')} />
        </p>
      </section>
    </Frame>
  );
}
