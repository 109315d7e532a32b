import { Fragment } from 'react';
import { asRecorded, t } from '../i18n.ts';
import { type Finding, type Paper, type PaperAppendix, type PaperItem, type PaperSection } from './types.ts';
import { placeId } from './words.ts';

const GAP = asRecorded('[còn thiếu: ');
const NATIONAL_TITLE = asRecorded('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
const MOTTO = asRecorded('Độc lập - Tự do - Hạnh phúc');

/** “Khánh Hòa, ngày 29 tháng 11 năm 2020”; dots where the day is left open. */
function placeAndDate(place: string, date: string | null): string {
  const where = place === '' ? '…' : place;
  if (date === null) return asRecorded(`${where}, ngày … tháng … năm …`);
  const month = Number(date.slice(5, 7));
  return asRecorded(`${where}, ngày ${date.slice(8, 10)} tháng ${month <= 2 ? `0${month}` : month} năm ${date.slice(0, 4)}`);
}

type Marks = ReadonlyMap<string, Finding['severity']>;

function Words({ item, figures }: { item: PaperItem; figures: ReadonlyMap<string, Paper['figures'][number]> }) {
  return (
    <>
      {item.bullet ? '- ' : ''}
      {item.runs.map((run, n) => {
        if (run.kind === 'gap')
          return (
            <mark key={n} className="pgap">
              {run.text}
            </mark>
          );
        const figure = run.figure === undefined ? undefined : figures.get(run.figure);
        return figure ? (
          <span key={n} className="pfig" title={`${figure.name} · ${figure.source.code}${figure.source.evidence ? ` · ${figure.source.evidence}` : ''}`}>
            {run.text}
          </span>
        ) : (
          <Fragment key={n}>{run.text}</Fragment>
        );
      })}
    </>
  );
}

function Section({ section, marks, figures }: { section: PaperSection; marks: Marks; figures: ReadonlyMap<string, Paper['figures'][number]> }) {
  const Heading = (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(section.level, 4) - 1]!;
  return (
    <div id={placeId(section.key)} tabIndex={-1} data-mark={marks.get(section.key)}>
      <Heading>
        {section.number} {section.heading}
      </Heading>
      {section.items.map((item, n) => (
        <p key={n}>
          <Words item={item} figures={figures} />
        </p>
      ))}
      {section.sections.map((one) => (
        <Section key={one.key} section={one} marks={marks} figures={figures} />
      ))}
    </div>
  );
}

function Appendix({ appendix, marks }: { appendix: PaperAppendix; marks: Marks }) {
  const grouped = appendix.columns.some(({ group }) => group !== undefined);
  const upper: { text: string; columns: number; rows: number }[] = [];
  for (const { heading, group } of appendix.columns) {
    const before = upper.at(-1);
    if (group === undefined) upper.push({ text: heading, columns: 1, rows: grouped ? 2 : 1 });
    else if (before?.text === group && before.rows === 1) before.columns += 1;
    else upper.push({ text: group, columns: 1, rows: 1 });
  }
  const label = appendix.number === '' ? t('Phụ lục') : t('Phụ lục {{number}}', { number: appendix.number });
  return (
    <section className="pappendix" aria-label={label}>
      <h3>{label}</h3>
      <p className="ptitle">{appendix.title}</p>
      <p className="pattached">{appendix.attached}</p>
      <div className="scrollx" tabIndex={0} role="region" aria-label={t('Bảng của {{label}}', { label })}>
        <table>
          <thead>
            <tr>
              {upper.map(({ text, columns, rows }, n) => (
                <th key={n} scope={columns > 1 ? 'colgroup' : 'col'} colSpan={columns} rowSpan={rows}>
                  {text}
                </th>
              ))}
            </tr>
            {grouped ? (
              <tr>
                {appendix.columns
                  .filter(({ group }) => group !== undefined)
                  .map(({ key, heading }) => (
                    <th key={key} scope="col">
                      {heading}
                    </th>
                  ))}
              </tr>
            ) : null}
          </thead>
          <tbody>
            {appendix.rows.map(({ place, cells }) => (
              <tr key={place} id={placeId(place)} tabIndex={-1} data-mark={marks.get(place)}>
                {appendix.columns.map(({ key, align }) => {
                  const text = cells[key]?.text ?? '';
                  return (
                    <td key={key} data-align={align}>
                      {text.includes(GAP) ? <mark className="pgap">{text}</mark> : text}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {appendix.footnotes.map((note, n) => (
        <p key={n} className="pnote">
          {note}
        </p>
      ))}
    </section>
  );
}

/** The report as it will be printed: head, body, foot and appendices in the layout of Decree 30/2020/NĐ-CP. Marked places are those a finding names. */
export function ReportPaper({ paper, findings, frozen }: { paper: Paper; findings: readonly Finding[]; frozen: boolean }) {
  const { head } = paper;
  const marks = new Map<string, Finding['severity']>();
  for (const { place, severity } of [...findings].reverse()) for (const one of place) marks.set(one, severity);
  const figures = new Map(paper.figures.map((figure) => [figure.id, figure]));
  return (
    <article className="paper" lang="vi" aria-label={t('Bản xem trước của báo cáo')}>
      {frozen ? null : <p className="pdraft">{t('DỰ THẢO')}</p>}
      <div className="phead" id={placeId('head')} tabIndex={-1} data-mark={marks.get('head')}>
        <div>
          {head.parentAgency ? <p>{head.parentAgency.toLocaleUpperCase('vi')}</p> : null}
          <p className="pstrong pruled">{head.agency.toLocaleUpperCase('vi')}</p>
          <p>{asRecorded(`Số: ${head.number.startsWith('/') ? '…' : ''}${head.number}`)}</p>
        </div>
        <div>
          <p className="pstrong">{NATIONAL_TITLE}</p>
          <p className="pstrong pruled">{MOTTO}</p>
          <p className="pitalic">{placeAndDate(head.place, head.date)}</p>
        </div>
      </div>
      <h2>
        {asRecorded('BÁO CÁO')}
        <span>{head.abstract}</span>
      </h2>
      {head.addressees.map((one) => (
        <p key={one} className="paddress">
          {asRecorded(`Kính gửi: ${one}`)}
        </p>
      ))}
      <div className="pbody" id={placeId('opening')} tabIndex={-1} data-mark={marks.get('opening')}>
        {paper.opening.map((item, n) => (
          <p key={n}>
            <Words item={item} figures={figures} />
          </p>
        ))}
      </div>
      <div className="pbody">
        {paper.sections.map((section) => (
          <Section key={section.key} section={section} marks={marks} figures={figures} />
        ))}
        {head.attachments ? <p className="pitalic">{head.attachments}</p> : null}
      </div>
      <div className="pfoot">
        <div>
          <p className="plabel">{asRecorded('Nơi nhận:')}</p>
          <ul>
            {paper.recipients.map((one, n) => (
              <li key={n}>
                - {one}
                {n === paper.recipients.length - 1 ? '.' : ';'}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <p className="pstrong">{paper.signature.title.toLocaleUpperCase('vi')}</p>
          <p className="psign">{t('(chỗ ký; phần mềm không ký thay ai)')}</p>
        </div>
      </div>
      {paper.appendices.map((appendix) => (
        <Appendix key={appendix.key} appendix={appendix} marks={marks} />
      ))}
    </article>
  );
}
