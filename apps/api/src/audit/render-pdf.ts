import { writePdf, type PdfContent as Content } from '#reports/files/pdfmake';
import type { EvidenceReport } from './evidence-report.ts';

const MM = 72 / 25.4;
const nfc = (text: string): string => text.normalize('NFC');
/** A hash is one word of 64 letters: a column that cannot break it pushes its neighbour off the page. */
const broken = (text: string): string => nfc(text).replace(/[0-9a-f]{64}/g, (hash) => hash.replace(/.{16}(?=.)/g, '$& '));
const RULE = '#8a8f98';

/** Lines between rows alone, as a printed table of an office has them. */
const layout = { hLineWidth: (row: number): number => (row <= 1 ? 0.7 : 0.3), vLineWidth: (): number => 0, hLineColor: (): string => RULE, paddingLeft: (): number => 3, paddingRight: (): number => 3, paddingTop: (): number => 2.5, paddingBottom: (): number => 2.5 };

/** The bytes of the document; the same report gives the same bytes. */
export async function renderPdf(report: EvidenceReport): Promise<Buffer> {
  const { title, subject, grounds, states, events, closing } = report;
  const head = (text: string): Content => ({ text: broken(text), bold: true });
  const cell = (text: string): Content => ({ text: broken(text) });
  return writePdf({
    pageSize: 'A4',
    pageMargins: [30 * MM, 20 * MM, 15 * MM, 20 * MM],
    defaultStyle: { font: 'Tinos', fontSize: 11, lineHeight: 1.15 },
    info: { title: nfc(title), creator: 'Nhắc Việc', producer: 'Nhắc Việc', creationDate: new Date(report.date), modDate: new Date(report.date) },
    footer: (page: number, pages: number): Content => ({ text: `trang ${String(page)}/${String(pages)}`, alignment: 'center', fontSize: 10, margin: [0, 8 * MM, 0, 0] }),
    content: [
      { text: nfc(title), fontSize: 16, bold: true, margin: [0, 0, 0, 2] },
      { text: nfc(subject), margin: [0, 0, 0, 8] },
      { table: { widths: [105, '*'], body: grounds.map(([label, text]) => [{ text: nfc(label), color: '#444' }, cell(text)]) }, layout: 'noBorders', margin: [0, 0, 0, 10] },
      { text: nfc(states.title), fontSize: 13, bold: true, margin: [0, 4, 0, 4] },
      states.rows.length === 0
        ? cell('Lúc ấy chưa có gì được ghi.')
        : { table: { headerRows: 1, dontBreakRows: true, widths: states.columns.map((_, n) => (n === 0 ? 140 : '*')), body: [states.columns.map(head), ...states.rows.map((row) => row.map((text, n) => (n > 0 && n < row.length && row.slice(1).some((other) => other !== row[1]) ? head(text) : cell(text))))] }, layout },
      ...(states.note === null ? [] : [{ text: nfc(states.note), italics: true, fontSize: 10, margin: [0, 4, 0, 0] }]),
      { text: nfc(`Các sự kiện (${String(events.length)}), cũ trước`), fontSize: 13, bold: true, margin: [0, 12, 0, 4] },
      events.length === 0
        ? cell('Không có sự kiện nào.')
        : {
            table: {
              headerRows: 1, dontBreakRows: true, widths: [44, 88, '*'],
              body: [
                ['Số', 'Ghi lúc', 'Sự kiện'].map(head),
                ...events.map((event) => [
                  cell(event.position),
                  { stack: [cell(event.recordedAt), ...(event.occurredAt === '' ? [] : [{ text: nfc(event.occurredAt), fontSize: 9, italics: true }])] },
                  { stack: [cell(event.text), { text: nfc([event.who, ...event.marks].join(' · ')), fontSize: 9, color: '#444' }] },
                ]),
              ],
            },
            layout,
          },
      { text: nfc(closing), italics: true, fontSize: 10, margin: [0, 10, 0, 0] },
    ],
  });
}
