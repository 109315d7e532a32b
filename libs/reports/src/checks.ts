import { percentVi } from '#figures';
import { dayVi, foldText, weekday, type Day } from '#kernel';
import { amountVi, hundredthsVi } from '#indicators';
import type { CheckedDocument, CheckedFigure, CheckedReport, CheckedSection, CheckedTable } from './checked.ts';
import { folded, meaningOf, same, within, wordsOf } from './words.ts';

/** `error` blocks issuing; `warning` and `info` are for a person to look at. */
export type Severity = 'error' | 'warning' | 'info';

/** Rules in the order in which their findings are told. */
export const CHECK_RULES = {
  'duplicate-section-number': 'Hai mục liền cấp không mang cùng một số',
  'count-mismatch': 'Số nội dung được nêu bằng số mục trình bày',
  'repeated-bullet': 'Không gạch đầu dòng nào lặp lại trong một mục',
  'rate-denominator': 'Tỷ lệ in cạnh một phân số phải là giá trị của phân số ấy',
  'value-conflict': 'Cùng một chỉ tiêu thì cùng một giá trị ở mọi chỗ',
  'sum-mismatch': 'Tổng số bằng tổng các cột chia ra',
  'cut-off-on-day-off': 'Ngày chốt số liệu, ngày ký là ngày làm việc',
  'date-conflict': 'Ngày ban hành kế hoạch ở phụ lục khớp với phần lời',
  'year-conflict': 'Mốc thời gian của kế hoạch thuộc kỳ báo cáo',
  'rate-without-counts': 'Tỷ lệ phải có số nhiệm vụ và số hoàn thành',
  'same-number-two-documents': 'Một số, ký hiệu chỉ dùng cho một văn bản',
  'missing-value': 'Số liệu được nêu phải có giá trị',
  'missing-text': 'Lời văn, văn bản viện dẫn phải có đủ',
  'target-below-result': 'Chỉ tiêu không thấp hơn kết quả đã đạt',
  'scan-error': 'Chức danh, số và ngày của báo cáo in đúng',
  'symbol-variants': 'Một văn bản chỉ mang một ký hiệu',
  'symbol-doubtful': 'Ký hiệu hợp với cơ quan ban hành',
  'symbol-changed': 'Cùng cơ quan, ký hiệu đổi theo thời gian',
  'frequency-conflict': 'Cùng một chế độ báo cáo thì cùng một kỳ báo cáo',
  'total-without-breakdown': 'Tổng số có chia ra theo cấp',
  'missing-rate': 'Tỷ lệ tính được thì không để trống',
  'not-applicable-vs-value': 'Đã có kết quả thì không ghi “-” ở điều kiện của nó',
  'unit-meaning': 'Ghi chú cùng đơn vị đếm với tiêu chí',
  'plan-vs-appendix': 'Số của kế hoạch khớp với số ở phụ lục khác',
  'already-done': 'Phương hướng không hẹn việc đã có kết quả',
  'share-without-denominator': 'Tỷ lệ kèm số người phải nêu tổng số theo kế hoạch',
  'share-of-nothing': 'Không ghi tỷ lệ của cái không phát sinh',
  'unbalanced-parenthesis': 'Dấu ngoặc mở và đóng đủ đôi',
  'appendix-numbering': 'Từ hai phụ lục thì đánh số La Mã',
  'carried-over-value': 'Giá trị lấy từ kỳ trước cần được xác nhận lại',
} as const;
export type CheckCode = keyof typeof CHECK_RULES;

export interface Finding {
  readonly code: CheckCode;
  readonly rule: string;
  readonly severity: Severity;
  /** Sections ("II.4"), rows of appendices ("PL2.26"), `head`. */
  readonly place: readonly string[];
  /** What stands at either place. */
  readonly values: readonly string[];
  readonly detail: string;
}

export interface CheckOptions {
  /** Of the working calendar; Saturday and Sunday where none is given. */
  readonly isDayOff?: (day: Day) => boolean;
}

type Found = Omit<Finding, 'rule'>;
type Rule = (report: CheckedReport, options: CheckOptions) => readonly Found[];

/** Looks for contradictions of a report in itself. Pure; the findings in the order of the rules, then of the report. */
export function checkReport(report: CheckedReport, options: CheckOptions = {}): readonly Finding[] {
  const order = Object.keys(CHECK_RULES);
  return RULES.flatMap((rule) => rule(report, options))
    .map((found): Finding => ({ ...found, rule: CHECK_RULES[found.code] }))
    .map((finding, n) => ({ finding, n }))
    .sort((a, b) => order.indexOf(a.finding.code) - order.indexOf(b.finding.code) || a.n - b.n)
    .map(({ finding }) => finding);
}

/** Whether a report with these findings may be issued. */
export const blocks = (findings: readonly Finding[]): boolean => findings.some(({ severity }) => severity === 'error');

const found = (code: CheckCode, severity: Severity, place: readonly string[], values: readonly string[], detail: string): Found => ({ code, severity, place: [...new Set(place)], values, detail });
const countOf = (amount: CheckedFigure['amount'] | undefined): number | undefined => (amount?.kind === 'count' ? amount.number : undefined);
const shareOf = (amount: CheckedFigure['amount'] | undefined): number | undefined => (amount?.kind === 'percent' ? amount.hundredths : undefined);
const shown = (amount: CheckedFigure['amount']): string => (amount.kind === 'gap' ? 'còn thiếu' : amount.kind === 'blank' ? 'để trống' : amountVi(amount));
const LEVELS = ['province', 'district', 'commune'] as const;

const sectionNumbers: Rule = ({ sections }) => {
  const seen = new Map<string, CheckedSection>();
  return sections.flatMap((section) => {
    if (section.number === '') return [];
    const key = `${section.parent ?? ''}|${section.number}`;
    const before = seen.get(key);
    if (before) return [found('duplicate-section-number', 'error', [before.key, section.key], [`${before.number} ${before.heading}`, `${section.number} ${section.heading}`], `Hai mục cùng mang số ${section.number}: “${before.heading}” và “${section.heading}”.`)];
    seen.set(key, section);
    return [];
  });
};

const announcedCounts: Rule = ({ sections, figures }) =>
  figures.flatMap(({ measure, where, amount, text }) => {
    const number = countOf(amount);
    if (measure !== 'nội dung' || number === undefined) return [];
    const listed = sections.filter(({ parent }) => parent === where).length;
    return listed === 0 || listed === number ? [] : [found('count-mismatch', 'error', [where], [text ?? String(number), String(listed)], `Nêu ${String(number)} nội dung nhưng trình bày ${String(listed)} mục.`)];
  });

const repeatedBullets: Rule = ({ sections }) =>
  sections.flatMap(({ key, items }) => {
    const seen = new Set<string>();
    return items.flatMap(({ text }) => {
      const content = folded(text).replace(/[^a-z0-9]+/g, ' ').trim();
      const again = seen.has(content);
      seen.add(content);
      return again ? [found('repeated-bullet', 'error', [key], [text, text], `Gạch đầu dòng in hai lần: “${text}”.`)] : [];
    });
  });

const rateDenominators: Rule = ({ figures }) =>
  figures.flatMap(({ where, amount, beside }) => {
    const share = shareOf(amount);
    if (share === undefined || beside === undefined) return [];
    const { numerator, denominator } = beside;
    const exact = percentVi(numerator, denominator);
    return exact === hundredthsVi(share) || percentVi(numerator, denominator, 'truncate') === hundredthsVi(share)
      ? []
      : [found('rate-denominator', 'error', [where], [shown(amount), `${String(numerator)}/${String(denominator)} = ${exact}`], `“${shown(amount)}” đứng cạnh phân số ${String(numerator)}/${String(denominator)}, bằng ${exact}.`)];
  });

const valueConflicts: Rule = ({ figures }) => {
  const seen = new Map<string, CheckedFigure>();
  return figures.flatMap((figure) => {
    if (figure.key === undefined || figure.role !== 'result' || (figure.amount.kind !== 'count' && figure.amount.kind !== 'percent')) return [];
    const before = seen.get(figure.key);
    seen.set(figure.key, before ?? figure);
    return before === undefined || shown(before.amount) === shown(figure.amount) ? [] : [found('value-conflict', 'error', [before.where, figure.where], [shown(before.amount), shown(figure.amount)], `“${figure.counts}” ghi ${shown(before.amount)} và ${shown(figure.amount)}.`)];
  });
};

const cutOffs: Rule = ({ cutOff, date }, { isDayOff = (day) => weekday(day) > 5 }) => {
  const off = [...(cutOff && isDayOff(cutOff.day) ? [{ place: cutOff.where, words: `chốt số liệu ${dayVi(cutOff.day)}` }] : []), ...(date !== null && isDayOff(date) ? [{ place: 'head', words: `ký ${dayVi(date)}` }] : [])];
  return off.length === 0 ? [] : [found('cut-off-on-day-off', 'info', off.map(({ place }) => place), off.map(({ words }) => words), `Rơi vào ngày nghỉ: ${off.map(({ words }) => words).join('; ')}. Việc đến hạn ngày ấy có thể còn hạn đến hết ngày làm việc tiếp theo.`)];
};

/** Rows of a table of plans: one with a column for the plan's name and one for the day it was issued. */
function* planRows({ tables }: CheckedReport): Generator<{ readonly place: string; readonly name: string; readonly about: Set<string>; readonly row: CheckedTable['rows'][number] }> {
  for (const table of tables) {
    if (!table.columns.some(({ key }) => key === 'plan') || !table.columns.some(({ key }) => key === 'issued')) continue;
    for (const row of table.rows) {
      const name = row.cells['plan']?.text ?? '';
      yield { place: row.place, name, row, about: subject(name) };
    }
  }
}

/** What a plan or decision is about, without the words that every plan has. */
function subject(title: string): Set<string> {
  const words = meaningOf(title);
  for (const word of ['ke', 'hoach', 'danh', 'gia', 'ban', 'hanh', 'quyet', 'dinh']) words.delete(word);
  return words;
}

/** Whether a document by its symbol is a decision or a plan. */
const decides = (number: string): boolean => /(^|[\d/-])(QĐ|KH)(-|\/|$)/u.test(number);

const issueDates: Rule = (report) => {
  const { documents, dated, issuer } = report;
  const all: Found[] = [];
  for (const { place, name, about, row } of planRows(report)) {
    const issued = row.cells['issued']?.amount;
    if (issued?.kind !== 'day') continue;
    const about1 = documents.filter((one) => decides(one.number) && one.date !== undefined && (about.size > 1 ? within(about, subject(one.content)) : same(about, subject(one.content))));
    const facts = dated.filter(({ what }) => foldText(what).startsWith('ban hanh') && within(subject(what), about));
    const others = about1.some(({ date }) => date === issued.day) ? [] : about1;
    const outside = facts.filter(({ from, to }) => issued.day < from || issued.day > to);
    if (others.length + outside.length === 0) continue;
    const twins = documents.filter((one) => one.date === issued.day && one.issuer === issuer);
    const own = outside.length > 0 || others.some((one) => one.issuer === issuer);
    const said = [...others.map((one) => `${one.number} ngày ${dayVi(one.date!)}`), ...outside.map(({ text, what }) => `${text} (${what})`)];
    all.push(found('date-conflict', own ? 'error' : 'warning', [place, ...others.flatMap(({ where }) => where), ...outside.map(({ where }) => where), ...twins.flatMap(({ where }) => where)], [dayVi(issued.day), ...said],
      `Phụ lục ghi “${name}” ban hành ngày ${dayVi(issued.day)}, phần lời ghi ${said.join('; ')}${twins.length === 0 ? '' : `; ngày ${dayVi(issued.day)} là ngày của ${twins.map(({ number }) => number).join(', ')}`}.`));
  }
  return all;
};

const years: Rule = (report) => {
  const early = [...planRows(report)].flatMap(({ place, row }) => {
    const words = Object.values(row.cells).flatMap(({ text, amount }) => {
      if (amount.kind === 'day') return amount.day < report.from ? [dayVi(amount.day)] : [];
      return [...text.matchAll(/(?:quý (?:I|II|III|IV)|tháng \d{1,2}|năm)[ /]?(\d{4})/giu)].filter((m) => m[1]! < report.to.slice(0, 4)).map((m) => m[0]);
    });
    return words.length === 0 ? [] : [{ place, words: words.join(', ') }];
  });
  return early.length === 0 ? [] : [found('year-conflict', 'warning', early.map(({ place }) => place), early.map(({ words }) => words), `Báo cáo kỳ từ ${dayVi(report.from)} đến ${dayVi(report.to)} có mốc trước kỳ: ${early.map(({ place, words }) => `${place} (${words})`).join('; ')}.`)];
};

const ratesWithoutCounts: Rule = (report) => {
  const bare = [...planRows(report)].filter(({ row: { cells } }) => /\d ?%/.test(cells['note']?.text ?? '') && cells['planned']?.amount.kind === 'blank' && cells['done']?.amount.kind === 'blank');
  return bare.length === 0 ? [] : [found('rate-without-counts', 'error', bare.map(({ place }) => place), bare.map(({ row }) => row.cells['note']!.text), `Ghi tỷ lệ nhưng số nhiệm vụ và số hoàn thành để trống: ${bare.map(({ name }) => `“${name}”`).join(', ')}.`)];
};

const sameNumbers: Rule = ({ documents }) => {
  const all: Found[] = [];
  documents.forEach((one, n) => {
    for (const other of documents.slice(n + 1)) {
      if (other.number !== one.number || other.date !== one.date || folded(other.content) === folded(one.content)) continue;
      const both = one.where.filter((place) => other.where.includes(place));
      all.push(found('same-number-two-documents', 'error', both.length > 0 ? both : [...one.where, ...other.where], [one.content, other.content], `${one.number}${one.date === undefined ? '' : ` ngày ${dayVi(one.date)}`} được ghi cho hai văn bản: “${one.content}” và “${other.content}”.`));
    }
  });
  return all;
};

const missing: Rule = ({ figures, gaps, tables }) => {
  const stated = figures.filter(({ amount }) => amount.kind === 'blank' || amount.kind === 'gap');
  const holes = tables.flatMap(({ rows }) => rows.flatMap(({ place, cells }) => Object.values(cells).flatMap(({ amount }) => (amount.kind === 'gap' ? [{ place, why: amount.why }] : []))));
  const told = new Set([...stated.map(({ where, counts, amount }) => `${where}|${amount.kind === 'gap' ? amount.why : `chưa báo cáo ${counts}`}`), ...holes.map(({ place, why }) => `${place}|${why}`)]);
  return [
    ...stated.map(({ where, counts, amount }) => found('missing-value', 'error', [where], [shown(amount)], `Có nêu “${counts}” nhưng không có số liệu.`)),
    ...holes.map(({ place, why }) => found('missing-value', 'error', [place], ['còn thiếu'], `Ô của phụ lục không có nguồn: ${why}.`)),
    ...gaps.filter(({ where, why }) => !told.has(`${where}|${why}`)).map(({ where, why }) => found('missing-text', 'error', [where], ['còn thiếu'], `Còn thiếu ${why}.`)),
  ];
};

const targets: Rule = ({ figures }) => {
  const results = figures.filter(({ role }) => role === 'result');
  return figures.filter(({ role }) => role === 'target').flatMap((target) => {
    const aimed = shareOf(target.amount);
    if (aimed === undefined) return [];
    const about = meaningOf(target.counts.replace(/\(.*\)/u, ''));
    const reached = results.find((result) => (target.key === undefined || result.key === undefined ? within(about, meaningOf(result.counts)) : target.key === result.key) && (shareOf(result.amount) ?? 0) > aimed);
    if (!reached) return [];
    return [found('target-below-result', 'warning', [target.where, reached.where], [shown(target.amount), shown(reached.amount)], `Chỉ tiêu “${target.counts}” ${shown(target.amount)} thấp hơn kết quả đã đạt ${shown(reached.amount)}.`)];
  });
};

const printedHead: Rule = ({ signer, tables, number, date }) => {
  const all: Found[] = [];
  const upper = (text: string): string => text.normalize('NFC').toLocaleUpperCase('vi');
  if (upper(signer.title) !== upper(signer.asPrinted)) all.push(found('scan-error', 'info', ['head'], [signer.asPrinted, signer.title], `Chức danh người ký in “${signer.asPrinted}”, cần “${upper(signer.title)}”.`));
  if (date === null || !/^\d/.test(number)) return all;
  const [year, month, day] = [date.slice(0, 4), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
  const wrong = tables.filter(({ attached }) => {
    const tight = attached.replace(/\s/g, '');
    const said = new RegExp(`ngày0?${String(day)}(/|tháng)0?${String(month)}(/|năm)${year}`, 'u').test(tight);
    return attached !== '' && !(said && tight.includes(number));
  });
  if (wrong.length > 0) all.push(found('scan-error', 'info', wrong.map(({ key }) => key), [wrong[0]!.attached, `${number} ngày ${dayVi(date)}`], `Dòng đính kèm không đúng số, ngày của báo cáo: “${wrong[0]!.attached}”.`));
  return all;
};

/** What stands for an issuer in the symbols of its documents; an issuer that is not here is not judged. */
const SYMBOLS: readonly (readonly [issuer: RegExp, symbols: readonly string[]])[] = [
  [/^thanh tra chinh phu$/, ['TTCP']], [/^van phong chinh phu$/, ['VPCP']], [/^thu tuong/, ['TTg']], [/^chinh phu$/, ['CP']], [/^quoc hoi$/, ['QH']], [/^bo tu phap$/, ['BTP']], [/^bo noi vu$/, ['BNV']], [/^bo tai chinh$/, ['BTC']],
  [/^tinh uy/, ['TU']], [/^ubnd /, ['UBND']], [/^hdnd /, ['HĐND']], [/^thanh tra tinh$/, ['TTT', 'TTr']],
];
const KINDS = new Set(['QĐ', 'KH', 'NĐ', 'TT', 'CT', 'CTr', 'TTr', 'BC', 'NQ', 'TB', 'HD', 'KL']);

/** Who issued it, by its symbol: "13/QĐ-TTT" → TTT; "309/TTT-VP" → TTT; "03-QĐ/TU" → TU. */
function issuedBy(number: string): readonly string[] {
  const parts = number.split(/[/-]/).filter((part) => !/^\d+$/.test(part));
  return KINDS.has(parts[0] ?? '') ? parts.slice(1) : parts.slice(0, 1);
}

const symbols: Rule = ({ documents, sections }) => {
  const all: Found[] = [];
  const byIssuer = new Map<string, CheckedDocument[]>();
  for (const one of documents) {
    for (const variants of [one.variants.filter(({ asPrinted }) => asPrinted !== one.number)]) {
      if (variants.length > 0) all.push(found('symbol-variants', 'warning', [...one.where, ...variants.map(({ where }) => where)], [one.number, ...variants.map(({ asPrinted }) => asPrinted)], `Cùng một văn bản của ${one.issuer} ghi ${[one.number, ...variants.map(({ asPrinted }) => asPrinted)].join(' và ')}.`));
    }
    const known = SYMBOLS.find(([issuer]) => issuer.test(foldText(one.issuer)))?.[1];
    const by = issuedBy(one.number);
    if (known && by.length > 0 && !by.some((symbol) => known.includes(symbol))) all.push(found('symbol-doubtful', 'warning', one.where, [one.number, known.join(', ')], `Ký hiệu ${one.number} ghi cho ${one.issuer}, thường mang ký hiệu ${known.join(', ')}.`));
    byIssuer.set(one.issuer, [...(byIssuer.get(one.issuer) ?? []), one]);
  }
  const order = sections.map(({ key }) => key);
  for (const [issuer, ofIssuer] of byIssuer) {
    const bySymbol = new Map<string, CheckedDocument[]>();
    for (const one of ofIssuer) {
      if (one.date === undefined) continue;
      const symbol = issuedBy(one.number)[0];
      if (symbol !== undefined) bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), one]);
    }
    const known = SYMBOLS.find(([pattern]) => pattern.test(foldText(issuer)))?.[1] ?? [];
    const spans = [...bySymbol].filter(([symbol]) => known.includes(symbol)).map(([symbol, ones]) => {
      const dates = ones.map(({ date }) => date!).sort();
      const where = ones.flatMap((one) => one.where).filter((place) => order.includes(place)).sort((a, b) => order.indexOf(a) - order.indexOf(b))[0] ?? ones[0]!.where[0] ?? 'head';
      return { symbol, first: dates[0]!, last: dates.at(-1)!, where };
    }).sort((a, b) => (a.first < b.first ? -1 : 1));
    const [earlier, later] = spans;
    if (earlier && later && earlier.last < later.first) {
      all.push(found('symbol-changed', 'info', [earlier.where, later.where], [`${earlier.symbol} (đến ${earlier.last.slice(0, 4)})`, `${later.symbol} (từ ${later.first.slice(0, 4)})`], `${issuer} dùng ký hiệu ${earlier.symbol} đến năm ${earlier.last.slice(0, 4)} và ${later.symbol} từ năm ${later.first.slice(0, 4)}: không phải hai cơ quan.`));
    }
  }
  return all;
};

/** How often something is reported, by the words after "báo cáo". */
function frequencies(text: string): string {
  const after = /bao cao (.*)$/.exec(foldText(text))?.[1] ?? '';
  return ['hang tuan', 'hang thang', 'hang quy', '06 thang', '6 thang', '09 thang', 'hang nam'].filter((one) => new RegExp(`(^|[^0-9])${one}`).test(after)).map((one) => one.replace(/^0/, '')).join(' và ');
}

const frequencyConflicts: Rule = ({ sections }) => {
  const seen = new Map<string, { readonly key: string; readonly said: string; readonly text: string }>();
  const all: Found[] = [];
  for (const { key, items } of sections) {
    for (const { text, documents } of items) {
      const said = frequencies(text);
      if (said === '') continue;
      for (const code of documents) {
        const before = seen.get(code);
        if (before && before.said !== said) all.push(found('frequency-conflict', 'info', [before.key, key], [before.text, text], `Cùng một văn bản mà kỳ báo cáo ghi khác nhau: “${before.text}” và “${text}”.`));
        seen.set(code, { key, said, text });
      }
    }
  }
  return all;
};

const breakdowns: Rule = ({ tables }) => {
  const rows = tables.flatMap((table) => (LEVELS.every((level) => table.columns.some(({ key }) => key === level)) ? table.rows : []));
  return rows.flatMap((row) => {
    const total = countOf(row.cells['total']?.amount);
    if (total === undefined) return [];
    const parts = LEVELS.map((level) => row.cells[level]?.amount);
    const counted = parts.flatMap((amount) => countOf(amount) ?? []);
    if (counted.length > 0) {
      const sum = counted.reduce((a, b) => a + b, 0);
      return sum === total ? [] : [found('sum-mismatch', 'error', [row.place], [String(total), counted.join(' + ')], `Tổng số ${String(total)} khác tổng các cấp ${counted.join(' + ')} = ${String(sum)}.`)];
    }
    if (total === 0 || parts.some((amount) => amount?.kind !== 'blank')) return [];
    const about = meaningOf(row.cells['criterion']?.text ?? '');
    const twin = rows.find((other) => other !== row && same(about, meaningOf(other.cells['criterion']?.text ?? '')));
    return [found('total-without-breakdown', 'warning', [row.place, ...(twin ? [twin.place] : [])], [`${row.cells['total']!.text}, các cấp để trống`, ...(twin ? [LEVELS.map((level) => twin.cells[level]?.text ?? '').filter((text) => text !== '').join(', ')] : [])], `Tổng số ${row.cells['total']!.text} nhưng không chia ra theo cấp${twin ? `; ${twin.place} cùng tiêu chí có chia ra` : ''}.`)];
  });
};

const missingRates: Rule = ({ tables }) =>
  tables.flatMap(({ columns, rows }) => {
    if (!columns.some(({ key }) => key === 'rate')) return [];
    const whole = rows.find(({ cells }) => shareOf(cells['rate']?.amount) === 10_000)?.cells['total']?.amount;
    const base = countOf(whole);
    if (base === undefined) return [];
    return rows.flatMap(({ place, cells }) => {
      const count = countOf(cells['total']?.amount);
      return count === undefined || cells['rate']?.amount.kind !== 'blank' ? [] : [found('missing-rate', 'info', [place], ['để trống', `${String(count)}/${String(base)} = ${percentVi(count, base)}`], `Cột tỷ lệ để trống, tính được ${String(count)}/${String(base)} = ${percentVi(count, base)}.`)];
    });
  });

const conditions: Rule = ({ tables, documents }) =>
  tables.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      const what = /thuc hien dung (.*)$/.exec(folded(row.cells['criterion']?.text ?? ''))?.[1];
      const count = countOf(row.cells['total']?.amount);
      if (what === undefined || count === undefined || count === 0) return [];
      const about = meaningOf(what);
      return rows.filter((other) => other !== row && other.cells['total']?.amount.kind === 'not-applicable' && within(about, meaningOf(other.cells['criterion']?.text ?? ''))).map((other) => {
        const rest = new Set([...meaningOf(other.cells['criterion']!.text)].filter((word) => !about.has(word) && word !== 'quan'));
        const cited = documents.filter(({ content }) => within(rest, meaningOf(content)));
        return found('not-applicable-vs-value', 'warning', [other.place, row.place, ...cited.flatMap(({ where }) => where)], ['-', row.cells['total']!.text], `“${other.cells['criterion']!.text}” ghi “-” mà “${row.cells['criterion']!.text}” ghi ${row.cells['total']!.text}${cited.length === 0 ? '' : `; phần lời viện dẫn ${cited.map(({ number }) => number).join(', ')}`}.`);
      });
    }),
  );

const unitMeanings: Rule = ({ tables }) =>
  tables.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      const criterion = row.cells['criterion']?.text ?? '';
      const note = row.cells['note']?.text ?? '';
      if (!foldText(criterion).startsWith('so co quan') || !wordsOf(note).includes('phong')) return [];
      const about = meaningOf(criterion);
      const like = rows.filter((other) => other !== row && other.cells['total']?.text === row.cells['total']?.text && other.cells['note']?.amount.kind === 'blank' && within(meaningOf(other.cells['criterion']?.text ?? ''), about));
      return [found('unit-meaning', 'info', [row.place, ...like.map(({ place }) => place)], ['cơ quan', note], `Tiêu chí đếm cơ quan, ghi chú ghi “${note}”${like.length === 0 ? '' : `; ${like.map(({ place }) => place).join(', ')} cùng số mà không có ghi chú`}.`)];
    }),
  );

const plansInAppendices: Rule = (report) => {
  const others = report.tables.flatMap(({ rows }) => rows).filter(({ cells }) => cells['criterion'] !== undefined);
  return [...planRows(report)].flatMap(({ place, name, about, row }) => {
    const done = countOf(row.cells['done']?.amount);
    if (done === undefined || about.size < 2) return [];
    const verb = wordsOf(name).filter((word) => word !== 'ke' && word !== 'hoach').slice(0, 2).join(' ');
    return others.flatMap((other) => {
      const criterion = other.cells['criterion']!.text;
      const count = countOf(other.cells['total']?.amount);
      if (count === undefined || count === done || !folded(criterion).includes(`duoc ${verb}`) || !within(about, meaningOf(criterion))) return [];
      const told = report.sections.filter(({ heading }) => same(about, subject(heading))).map(({ key }) => key);
      return [found('plan-vs-appendix', 'info', [place, other.place, ...told], [String(done), String(count)], `“${name}” tính ${String(done)} nhiệm vụ, “${criterion}” tính ${String(count)}.`)];
    });
  });
};

const alreadyDone: Rule = ({ sections, documents, date, to }) => {
  const ahead = new Set(sections.filter(({ heading, parent }) => parent === null && foldText(heading).includes('phuong huong')).map(({ key }) => key));
  return sections.filter(({ key, parent }) => ahead.has(key) || (parent !== null && ahead.has(parent))).flatMap(({ key, items }) =>
    items.flatMap(({ text }) => {
      const what = /^(.*?) sau khi .*ban hành/u.exec(text)?.[1];
      if (what === undefined) return [];
      const about = meaningOf(what);
      const there = documents.filter((one) => one.date !== undefined && one.date <= (date ?? to) && within(about, meaningOf(one.content)));
      return there.length === 0 ? [] : [found('already-done', 'info', [key, ...there.flatMap(({ where }) => where)], [text, there.map((one) => `${one.number} ngày ${dayVi(one.date!)}`).join(', ')], `“${text}” trong khi đã ban hành ${there.map((one) => `${one.number} ngày ${dayVi(one.date!)}`).join(', ')}.`)];
    }),
  );
};

const shares: Rule = ({ sections, figures }) => {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  return sections.flatMap(({ key, items }) =>
    items.flatMap((item) => {
      const here = item.figures.flatMap((id) => byId.get(id) ?? []);
      const share = here.find(({ amount, beside, role }) => amount.kind === 'percent' && beside === undefined && role === 'result');
      if (!share) return [];
      const words = new Set(wordsOf(share.counts));
      const counts = here.filter(({ amount, measure }) => amount.kind === 'count' && within(new Set(wordsOf(measure)), words));
      const none = counts.find(({ amount }) => countOf(amount) === 0);
      if (none) return [found('share-of-nothing', 'warning', [key], [shown(share.amount), none.text ?? '0'], `Ghi ${shown(share.amount)} ${share.counts} trong khi ${none.counts}: không phát sinh.`)];
      if (counts.length < 2) return [];
      const sum = counts.reduce((n, { amount }) => n + (countOf(amount) ?? 0), 0);
      return [found('share-without-denominator', 'warning', [key], [shown(share.amount), counts.map(({ text }) => text ?? '').join(', ')], `Ghi ${shown(share.amount)} nhưng chỉ nêu ${counts.map(({ text }) => text ?? '').join(', ')} ${counts[0]!.measure} (cộng ${String(sum)}), không nêu tổng số theo kế hoạch.`)];
    }),
  );
};

const parentheses: Rule = ({ sections }) =>
  sections.flatMap(({ key, items }) =>
    items.flatMap(({ text }) => {
      let depth = 0;
      let broken = false;
      // "a)" and "1)" of an enumeration close nothing.
      for (const sign of text.replace(/(^|\s)[a-zđ0-9]{1,2}\)/gu, '$1')) {
        if (sign === '(') depth++;
        else if (sign === ')' && --depth < 0) broken = true;
      }
      return depth !== 0 || broken ? [found('unbalanced-parenthesis', 'info', [key], [text], `Dấu ngoặc không đủ đôi: “${text}”.`)] : [];
    }),
  );

const appendixNumbers: Rule = ({ tables }) => {
  const arabic = tables.length < 2 ? [] : tables.filter(({ number }) => /^\d+$/.test(number));
  return arabic.length === 0 ? [] : [found('appendix-numbering', 'info', arabic.map(({ key }) => key), [arabic.map(({ number }) => number).join(', '), 'I, II, …'], 'Từ hai phụ lục trở lên thì đánh số La Mã (Nghị định 30/2020/NĐ-CP, Phụ lục I).')];
};

const carriedOver: Rule = ({ figures }) =>
  figures.filter((figure) => figure.carriedOver === true).map(({ where, counts, amount }) => found('carried-over-value', 'info', [where], [shown(amount)], `“${counts}” lấy giá trị của kỳ trước.`));

const RULES: readonly Rule[] = [
  sectionNumbers, announcedCounts, repeatedBullets, rateDenominators, valueConflicts, breakdowns, cutOffs, issueDates, years, ratesWithoutCounts, sameNumbers, missing, targets, printedHead, symbols, frequencyConflicts,
  missingRates, conditions, unitMeanings, plansInAppendices, alreadyDone, shares, parentheses, appendixNumbers, carriedOver,
];

