import { hash } from 'node:crypto';
import { lastInstantInTime, readDeadline, readPhrase, type Deadline, type DueDeadline } from '#deadlines';
import { atTime, cleanText, countVi, dayOf, dayVi, derivedId, foldText, isDay, isUuid, startOfDay, type Day, type Instant } from '#kernel';
import { AUTHORITIES, canonicalDocumentNumber, documentNumberKey, mentionsStateSecrets, type AuthorityNames, type FactTime, type ResultDocument, type TaskCommand } from '#tasks';
import { readCellDate, readCellTime } from './cell-date.ts';
import { COLUMN_KEYS, COLUMNS, type Column } from './columns.ts';
import { looksLikeTcvn3, tcvn3ToUnicode } from './tcvn3.ts';
import type { UnitDirectory } from '#organisation';
import type { AcceptedRow, RowProblem, TaskListContext } from './types.ts';
import { leadsOf, readCoordinators } from './unit-names.ts';

export type Cells = Readonly<Record<Column, string>>;

export interface RowContext extends TaskListContext {
  readonly fileName: string;
  /** Tasks of accepted rows so far, with the words that name their row. */
  readonly taken: Map<string, string>;
  /** Columns that the file has not. */
  readonly lacks: ReadonlySet<Column>;
}

/** From here on a person is told that the content is long. */
const LONG_CONTENT = 5_000;
/** An event must stay readable and well below the size a store takes. */
const CONTENT_LIMIT = 20_000;
const FORMULA = /^[=+@]|^-(?=.)/;
/** What would do instead, where the cell itself cannot say it. */
const NEEDED: Readonly<Record<string, string>> = {
  'document-missing': 'số, ký hiệu và ngày của văn bản giao',
  'issuer-missing': 'tên cơ quan ban hành',
  'content-missing': 'nội dung nhiệm vụ',
  'content-too-long': `tối đa ${countVi(CONTENT_LIMIT)} ký tự`,
  'assigned-day-missing': 'ngày giao, ngày/tháng/năm',
  'completion-day-missing': 'ngày hoàn thành, ngày/tháng/năm',
  'date-invalid': 'ngày/tháng/năm, ví dụ 30/06/2020',
  'date-does-not-exist': 'ngày có trên lịch, ví dụ 30/06/2020',
  'time-invalid': 'giờ:phút, ví dụ 16:00',
  'lead-missing': 'tên một đơn vị trong danh mục',
  'unit-unknown': 'tên một đơn vị có trong danh mục vào ngày giao',
  'coordinator-unknown': 'tên đơn vị trong danh mục, cách nhau bằng dấu chấm phẩy',
  'deadline-missing': 'câu thời hạn như trong văn bản, hoặc “không thời hạn”',
  'yes-or-no': '“x” hoặc để trống',
  'weight-invalid': 'một số dương',
};
/** Dates and hours are read strictly anyway, and "- " in front of them would be refused. */
const TEXT_COLUMNS = ['number', 'issuer', 'signer', 'content', 'product', 'lead', 'coordinators', 'phrase', 'result', 'status', 'note'] as const satisfies readonly Column[];

/**
 * Reads one task row: what is wrong with it, and the row when it may be recorded. `cells` has a merged block filled down, `typed` has not;
 * `refused`: it is kept out for another reason, and only what else is wrong is asked. `sealed`: the task of a row that this program wrote and
 * nobody has changed since.
 */
export function readRow(cells: Cells, typed: Cells, context: RowContext, name: string, refused = false): { problems: RowProblem[]; row?: AcceptedRow; sealed?: string } {
  const reader = new RowReader(cells, typed, context);
  const row = reader.read(name, refused);
  const sealed = reader.sealed();
  return { problems: reader.problems, ...(row && { row }), ...(sealed !== undefined && { sealed }) };
}

const SEPARATOR = '\u001f';
const SEALED = COLUMN_KEYS.filter((key) => key !== 'label' && key !== 'seal');
/** What a spreadsheet program must not take for a formula has an apostrophe before it in our CSV files. */
function bare(cell: string): string {
  const text = cleanText(cell);
  return text.startsWith("'") ? text.replace(/^'(?=[=+@-])/, '') : text;
}

/** Stands in a row that this program writes: of all its cells but the running number, which changes when rows are sorted or left out. */
export function sealOf(cells: Cells): string {
  let text = '';
  for (const key of SEALED) {
    const cell = cells[key];
    text += cell === '' ? SEPARATOR : bare(cell) + SEPARATOR;
  }
  return hash('sha256', text.slice(0, -1), 'hex').slice(0, 16);
}

class RowReader {
  readonly problems: RowProblem[] = [];
  private readonly typed: Cells;
  private readonly context: RowContext;
  private readonly text: Cells;

  constructor(cells: Cells, typed: Cells, context: RowContext) {
    this.typed = typed;
    this.context = context;
    // The apostrophe that neutralises a formula in our own refused file is taken off again.
    const text = {} as Record<Column, string>;
    for (const key of COLUMN_KEYS) text[key] = cells[key] === '' ? '' : bare(cells[key]);
    this.text = text;
  }

  sealed(): string | undefined {
    const { taskId, seal } = this.text;
    return seal !== '' && isUuid(taskId) && seal === sealOf(this.text) ? taskId.toLowerCase() : undefined;
  }

  read(name: string, refused: boolean): AcceptedRow | undefined {
    const { text, context } = this;
    const today = dayOf(context.now);
    if (this.hasOldFont()) return undefined;

    // The document
    const number = canonicalDocumentNumber(text.number);
    const missing = [...(number === '' ? ['số, ký hiệu'] : []), ...(text.documentDate === '' ? ['ngày văn bản'] : [])];
    if (missing.length > 0) this.refuse(number === '' ? 'number' : 'documentDate', 'document-missing', number === '' && missing.length === 1 ? 'Thiếu số, ký hiệu văn bản' : `Thiếu ${missing.join(' và ')}`);
    else if (text.issuer === '') this.refuse('issuer', 'issuer-missing', 'Thiếu cơ quan ban hành');
    const documentDate = this.day('documentDate');
    if (documentDate !== undefined && documentDate > today) this.refuse('documentDate', 'in-the-future', `Ngày văn bản ${dayVi(documentDate)} sau ngày nhập ${dayVi(today)}`, `muộn nhất ${dayVi(today)}`);

    // The task
    const { content } = text;
    const length = Array.from(content).length;
    if (content === '') this.refuse('content', 'content-missing', 'Thiếu nội dung nhiệm vụ');
    else if (length > CONTENT_LIMIT) this.refuse('content', 'content-too-long', `Nội dung dài ${countVi(length)} ký tự, tối đa ${countVi(CONTENT_LIMIT)}; không cắt bớt`);
    else if (length >= LONG_CONTENT) this.warn('content', 'content-long', `Nội dung dài ${countVi(length)} ký tự`);
    if (mentionsStateSecrets(content) || mentionsStateSecrets(text.note)) {
      this.warn('content', 'mentions-state-secrets', 'Nội dung nhắc đến bí mật nhà nước; xác nhận văn bản không có dấu chỉ độ mật');
    }
    for (const key of TEXT_COLUMNS) {
      if (FORMULA.test(text[key])) this.warn(key, 'formula-as-text', `Ô bắt đầu bằng dấu “${text[key][0]!}”; được lưu như văn bản (${COLUMNS[key]})`);
    }
    if (text.assignedOn === '') this.refuse('assignedOn', 'assigned-day-missing', 'Thiếu ngày giao');
    const assignedOn = this.day('assignedOn');
    if (assignedOn !== undefined && assignedOn > today) this.refuse('assignedOn', 'in-the-future', `Ngày giao ${dayVi(assignedOn)} sau ngày nhập ${dayVi(today)}`, `muộn nhất ${dayVi(today)}`);
    else if (assignedOn !== undefined && documentDate !== undefined && assignedOn < documentDate) {
      this.warn('assignedOn', 'assigned-before-document', `Ngày giao ${dayVi(assignedOn)} trước ngày văn bản ${dayVi(documentDate)}`);
    }
    const leadUnitId = this.lead(assignedOn);
    const coordinatingUnitIds = this.coordinators(leadUnitId);

    const deadline = this.deadline(documentDate, assignedOn);
    const completedOn = this.day('completedOn');
    const time = this.completionTime(completedOn, deadline);
    this.statusAgrees(completedOn !== undefined);
    if (completedOn !== undefined) {
      if (assignedOn !== undefined && completedOn < assignedOn) this.refuse('completedOn', 'completed-before-assigned', `Ngày hoàn thành ${dayVi(completedOn)} trước ngày giao ${dayVi(assignedOn)}`, `từ ${dayVi(assignedOn)}`);
      else if (completedOn > today || (time !== undefined && atTime(completedOn, time) > context.now)) {
        this.refuse('completedOn', 'in-the-future', `Ngày hoàn thành ${time === undefined ? '' : `${time} `}${dayVi(completedOn)} sau ngày nhập ${dayVi(today)}`, `muộn nhất ${dayVi(today)}`);
      }
    }
    const extension = deadline && this.extension(deadline, assignedOn, completedOn, today);
    const inForce = extension?.deadline ?? deadline;
    if (inForce) this.compareWithDeadline(inForce, assignedOn, completedOn, time, extension !== undefined);

    const more = this.more();
    const confirmed = this.confirmation(completedOn, time, today);
    const given = this.taskId();

    if (documentDate === undefined || assignedOn === undefined || leadUnitId === undefined || !deadline || this.refused || refused) return undefined;
    const taskId = given ?? derivedId('task', documentNumberKey(number), documentDate, foldText(content), leadUnitId);
    const twin = context.taken.get(taskId);
    if (twin !== undefined) {
      this.refuse('number', 'duplicate', `Trùng với dòng ${twin} (cùng văn bản, cùng nội dung, cùng chủ trì)`);
      return undefined;
    }
    context.taken.set(taskId, name);

    const backdateReason = `Nhập từ danh sách ${context.fileName}`;
    const on = (day: Day): FactTime => ({ occurredAt: startOfDay(day), byDay: true, backdateReason });
    const facts: TaskCommand[] = [
      {
        type: 'AssignTask',
        task: {
          document: { number, date: documentDate, issuer: text.issuer, ...(text.signer !== '' && { signerTitle: text.signer }), title: text.title === '' ? content : text.title, ...(text.urgency !== '' && { urgency: text.urgency }) },
          content,
          ...(text.product !== '' && { product: text.product }),
          leadUnitId,
          coordinatingUnitIds,
          assignedOn,
          deadline,
          ...more,
          asTyped: this.asTyped(),
        },
        ...on(assignedOn),
      },
    ];
    if (extension) {
      facts.push({ type: 'GrantExtension', deadline: extension.deadline, ...(extension.document !== undefined && { document: extension.document }), ...on(extension.grantedOn) });
    }
    if (completedOn !== undefined) {
      const at: FactTime = time === undefined ? on(completedOn) : { occurredAt: atTime(completedOn, time), byDay: false, backdateReason };
      const resultDocument = resultDocumentOf(text.result);
      facts.push({ type: 'SubmitCompletion', ...(resultDocument && { resultDocument }), ...(text.result !== '' && { result: text.result }), ...at });
      if (confirmed !== null) facts.push({ type: 'ConfirmCompletion', ...(confirmed === undefined || confirmed === completedOn ? at : on(confirmed)) });
    }
    return { taskId, identified: given !== undefined, documentNumber: number, documentDate, content, leadUnitId, facts, grantDayKnown: extension?.dayKnown ?? true };
  }

  private get refused(): boolean {
    return this.problems.some((p) => p.severity === 'refuse');
  }

  private refuse(column: Column, code: string, sentence: string, expected?: string): void {
    this.add('refuse', column, code, sentence, expected);
  }

  private warn(column: Column, code: string, sentence: string, expected?: string): void {
    this.add('warning', column, code, sentence, expected);
  }

  private add(severity: 'refuse' | 'warning', column: Column, code: string, sentence: string, expected?: string): void {
    const message = /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
    const needed = expected ?? NEEDED[code];
    this.problems.push({ severity, column: COLUMNS[column], given: this.typed[column].normalize('NFC'), ...(needed !== undefined && { expected: needed }), code, message });
  }

  private hasOldFont(): boolean {
    const found = COLUMN_KEYS.filter((key) => this.typed[key] !== '' && looksLikeTcvn3(this.typed[key]));
    for (const key of found) {
      const reading = cleanText(tcvn3ToUnicode(this.typed[key]));
      this.refuse(key, 'tcvn3-text', `Chữ có vẻ gõ bằng bảng mã TCVN3; đề nghị chuyển mã (${COLUMNS[key]} đọc thành “${reading}”)`, reading);
    }
    return found.length > 0;
  }

  /** What lists of this program say besides; other lists leave it out. */
  private more(): Pick<AssignedMore, 'authority'> & Partial<AssignedMore> {
    const { text, context: { authorities: names = AUTHORITIES } } = this;
    const authority = text.authority === '' ? authorityOf(text.issuer, text.signer, names) : authorityNamed(text.authority, names);
    if (authority === undefined) this.refuse('authority', 'authority-unknown', `Không có cơ quan giao “${text.authority}”; cần một trong: ${Object.values(names).join(', ')}`);
    const weight = text.weight === '' ? undefined : Number(text.weight.replace(',', '.'));
    if (weight !== undefined && !(weight > 0 && weight <= 1_000_000)) this.refuse('weight', 'weight-invalid', `Trọng số “${text.weight.slice(0, 40)}” không hợp lệ (một số dương)`);
    if (text.parent !== '' && !isUuid(text.parent)) this.refuse('parent', 'parent-invalid', `Việc cha “${text.parent.slice(0, 60)}” không phải mã định danh của một việc`);
    const starred = this.yes('starred');
    const routine = this.yes('routine');
    return {
      authority: authority ?? '', ...(text.field !== '' && { field: text.field }), ...(starred && { starred }), ...(routine && { routine }), ...(weight !== undefined && { weight }),
      ...(text.itemId !== '' && { itemId: text.itemId }), ...(text.parent !== '' && { parentTaskId: text.parent.toLowerCase() }),
    };
  }

  private yes(column: 'starred' | 'routine'): boolean {
    const words = foldText(this.text[column]);
    if (['', 'khong', '0', 'false'].includes(words)) return false;
    if (!['x', 'co', '1', 'true', '*'].includes(words)) this.refuse(column, 'yes-or-no', `${COLUMNS[column]} “${this.text[column].slice(0, 40)}” không hiểu được; ghi “x” hoặc để trống`);
    return true;
  }

  /** The day of confirmation; in a list without such a column what is done is confirmed with its submission; null: not yet. */
  private confirmation(completedOn: Day | undefined, time: string | undefined, today: Day): Day | null | undefined {
    if (this.context.lacks.has('confirmedOn')) return undefined;
    if (this.text.confirmedOn === '') return null;
    const day = this.day('confirmedOn');
    if (day === undefined) return undefined;
    if (completedOn === undefined) this.refuse('confirmedOn', 'confirmed-not-completed', 'Có ngày xác nhận nhưng thiếu ngày hoàn thành');
    else if (day < completedOn) this.refuse('confirmedOn', 'confirmed-before-completed', `Ngày xác nhận ${dayVi(day)} trước ngày hoàn thành ${time === undefined ? '' : `${time} `}${dayVi(completedOn)}`);
    if (day > today) this.refuse('confirmedOn', 'in-the-future', `Ngày xác nhận ${dayVi(day)} sau ngày nhập ${dayVi(today)}`, `muộn nhất ${dayVi(today)}`);
    return day;
  }

  private taskId(): string | undefined {
    const { taskId } = this.text;
    if (taskId === '') return undefined;
    if (isUuid(taskId)) return taskId.toLowerCase();
    this.refuse('taskId', 'task-id-invalid', `Mã định danh “${taskId.slice(0, 60)}” không hợp lệ; giữ nguyên như tệp đã xuất, hoặc xóa ô nếu là việc mới`);
    return undefined;
  }

  /** A date cell; undefined when it is empty or refused. */
  private day(column: 'documentDate' | 'assignedOn' | 'due' | 'extendedTo' | 'completedOn' | 'confirmedOn'): Day | undefined {
    if (this.text[column] === '') return undefined;
    const read = readCellDate(this.text[column], COLUMNS[column]);
    if (!read.ok) {
      this.refuse(column, read.code, read.message);
      return undefined;
    }
    if (read.doubt) this.warn(column, read.doubt.code, read.doubt.message, dayVi(read.day));
    return read.day;
  }

  private time(column: 'dueTime' | 'completedTime'): string | undefined {
    if (this.text[column] === '') return undefined;
    const read = readCellTime(this.text[column]);
    if (read === undefined) this.refuse(column, 'time-invalid', `${COLUMNS[column]} “${this.text[column]}” không hợp lệ (giờ:phút)`);
    return read;
  }

  /** A row that names a task of this program may name units that are no more. */
  private get units(): UnitDirectory {
    const { createUnits, formerUnits, units } = this.context;
    // Units that the list itself brings are in the directory.
    return this.text.taskId !== '' && formerUnits && !createUnits ? formerUnits : units;
  }

  private lead(assignedOn: Day | undefined): string | undefined {
    const units = this.units;
    const names = leadsOf(this.typed.lead, units);
    if (names.length === 0) {
      this.refuse('lead', 'lead-missing', 'Thiếu cơ quan chủ trì');
      return undefined;
    }
    if (names.length > 1) {
      this.refuse('lead', 'several-leads', `Có ${String(names.length)} cơ quan chủ trì trong một ô; tách thành ${String(names.length)} dòng hoặc chọn 1 chủ trì, ${String(names.length - 1)} phối hợp`, names.join(' | '));
      return undefined;
    }
    const name = names[0]!;
    const match = units.match(name);
    if (match.kind === 'exact') return match.unit.id;
    if (match.kind === 'folded') {
      this.warn('lead', 'unit-without-marks', `“${name}” được hiểu là “${match.unit.name}”`, match.unit.name);
      return match.unit.id;
    }
    if (match.kind === 'ambiguous') {
      const fits = match.units.map((u) => u.name).join('”, “');
      this.refuse('lead', 'unit-ambiguous', `“${name}” có thể là “${fits}”; đề nghị ghi rõ`, fits);
    } else {
      this.refuse('lead', 'unit-unknown', `Không có đơn vị “${name}” trong danh mục${assignedOn === undefined ? '' : ` (hiệu lực ngày ${dayVi(assignedOn)})`}`);
    }
    return undefined;
  }

  private coordinators(leadUnitId: string | undefined): string[] {
    const read = readCoordinators(this.typed.coordinators, leadUnitId, this.units);
    const names = read.units.map((u) => u.name).join('; ');
    if (read.changes.length > 0) this.warn('coordinators', 'coordinators-changed', `Cơ quan phối hợp được hiểu là “${names}”: ${read.changes.join('; ')}`, names);
    if (read.unknown.length > 0) {
      this.warn('coordinators', 'coordinator-unknown', `Không có đơn vị phối hợp “${read.unknown.join('”, “')}” trong danh mục; chỉ giữ trong ô như đã gõ`);
    }
    return read.units.map((u) => u.id);
  }

  /** The phrase is the legal text; a typed date beside it is the clerk's reading. */
  private deadline(documentDate: Day | undefined, assignedOn: Day | undefined): Deadline | undefined {
    const { text, context } = this;
    const due = this.day('due');
    const dueTime = this.time('dueTime');
    const refused = (text.due !== '' && due === undefined) || (text.dueTime !== '' && dueTime === undefined);
    if (text.phrase === '' && text.due === '') {
      this.refuse('phrase', 'deadline-missing', 'Thiếu thời hạn; nếu không có thì ghi “không thời hạn”');
      return undefined;
    }
    if (refused) return undefined;
    const ctx = { policy: context.policy, calendar: context.calendar, ...(documentDate !== undefined && { documentDate }), ...(assignedOn !== undefined && { receivedOn: assignedOn }) };
    const byDate = (): Deadline | undefined => {
      const read = readDeadline({ date: due!, ...(dueTime !== undefined && { time: dueTime }) }, ctx);
      if (!read.ok) {
        this.refuse('due', read.code, read.detail);
        return undefined;
      }
      return text.phrase === '' || read.deadline.kind === 'none' ? read.deadline : { ...read.deadline, phrase: text.phrase };
    };
    if (text.phrase === '') return byDate();
    const read = readPhrase(text.phrase, ctx);
    if (!read.ok) {
      // The days a period runs from are refused on their own account already.
      if ((read.code === 'document-date-missing' && documentDate === undefined) || (read.code === 'received-day-missing' && assignedOn === undefined)) return undefined;
      if (due !== undefined && read.code === 'phrase-not-understood') {
        this.warn('phrase', 'phrase-not-understood', `Chưa hiểu thời hạn “${text.phrase}”; lấy theo ô Hạn xử lý ${dayVi(due)}`, dayVi(due));
        return byDate();
      }
      this.refuse('phrase', read.code, read.detail, read.occurrences?.slice(0, 12).map(dayVi).join('; '));
      return undefined;
    }
    for (const w of read.warnings) {
      if (w.code !== 'moved-to-working-day' && w.code !== 'received-day-assumed') this.warn('phrase', w.code, w.detail);
    }
    const { deadline } = read;
    if (deadline.kind === 'none') {
      if (due !== undefined) this.warn('due', 'phrase-and-date-differ', `“${text.phrase}” nhưng ô Hạn xử lý ghi ${dayVi(due)}; lấy theo câu chữ`);
      return deadline;
    }
    if (due !== undefined && due !== deadline.literalDueOn) {
      const moved = deadline.dueOn === deadline.literalDueOn ? '' : ` (hạn hiệu lực ${dayVi(deadline.dueOn)})`;
      this.warn('due', 'phrase-and-date-differ', `“${text.phrase}” nghĩa là hết ngày ${dayVi(deadline.literalDueOn)}${moved}, ô Hạn xử lý ghi ${dayVi(due)}; lấy theo câu chữ`, dayVi(deadline.literalDueOn));
    }
    if (dueTime !== undefined && dueTime !== deadline.dueTime) {
      this.warn('dueTime', 'phrase-and-hour-differ', `Ô Giờ hạn ghi ${dueTime}, câu chữ ${deadline.dueTime === undefined ? 'không ghi giờ' : `ghi ${deadline.dueTime}`}; lấy theo câu chữ`);
    }
    return deadline;
  }

  private completionTime(completedOn: Day | undefined, deadline: Deadline | undefined): string | undefined {
    const time = this.time('completedTime');
    if (time !== undefined && completedOn === undefined) {
      if (this.text.completedOn === '') this.warn('completedTime', 'hour-without-day', 'Có giờ hoàn thành nhưng thiếu ngày hoàn thành; bỏ qua giờ');
      return undefined;
    }
    if (time === undefined && this.text.completedTime === '' && completedOn !== undefined && deadline?.kind === 'due' && deadline.dueTime !== undefined && deadline.dueOn === completedOn) {
      this.warn('completedTime', 'completion-hour-missing', `Thời hạn có giờ (${deadline.dueTime}); thiếu giờ hoàn thành, tính theo ngày`);
    }
    return time;
  }

  /** The clerk's words are a remark; only "done without a day" cannot be recorded. */
  private statusAgrees(hasDay: boolean): void {
    const { status } = this.text;
    const words = foldText(status);
    if (words === '' || this.text.completedOn !== '' !== hasDay) return;
    if (/^(?:da )?hoan thanh/.test(words)) {
      if (!hasDay) this.refuse('completedOn', 'completion-day-missing', 'Ghi hoàn thành nhưng thiếu ngày hoàn thành');
    } else if (/^(?:dang|chua)/.test(words)) {
      if (hasDay) this.warn('status', 'status-contradicts', `Ghi “${status}” nhưng có ngày hoàn thành ${this.text.completedOn}; trạng thái được tính theo ngày`);
    } else this.warn('status', 'status-not-understood', `Chưa hiểu trạng thái “${status}”; giữ làm ghi chú, trạng thái được tính theo ngày`);
  }

  private extension(deadline: Deadline, assignedOn: Day | undefined, completedOn: Day | undefined, today: Day): { deadline: DueDeadline; grantedOn: Day; document?: string; dayKnown: boolean } | undefined {
    const to = this.day('extendedTo');
    if (to === undefined) return undefined;
    if (deadline.kind === 'none') {
      this.refuse('extendedTo', 'no-deadline-to-extend', 'Việc không có thời hạn nên không có gì để gia hạn');
      return undefined;
    }
    const read = readDeadline({ date: to }, { policy: this.context.policy, calendar: this.context.calendar });
    if (!read.ok || read.deadline.kind === 'none') {
      if (!read.ok) this.refuse('extendedTo', read.code, read.detail);
      return undefined;
    }
    if (to < deadline.literalDueOn) {
      this.refuse('extendedTo', 'extension-not-later', `Gia hạn đến ${dayVi(to)} sớm hơn hạn xử lý ${dayVi(deadline.literalDueOn)}`, `sau ${dayVi(deadline.literalDueOn)}`);
      return undefined;
    }
    if (lastInstantInTime(read.deadline) <= lastInstantInTime(deadline)) {
      this.refuse('extendedTo', 'extension-not-later', `Gia hạn đến ${dayVi(to)} không muộn hơn hạn xử lý ${dayVi(deadline.literalDueOn)} (hạn hiệu lực ${dayVi(deadline.dueOn)})`);
      return undefined;
    }
    const said = /gia hạn (?:tại|theo) (.+? ngày (\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))(?!\d)/iu.exec(this.text.note);
    const said2 = said && `${said[4]!}-${said[3]!.padStart(2, '0')}-${said[2]!.padStart(2, '0')}`;
    if (said && said2 && isDay(said2)) {
      if (said2 > today) this.refuse('note', 'in-the-future', `Ngày cho gia hạn ${dayVi(said2)} sau ngày nhập ${dayVi(today)}`, `muộn nhất ${dayVi(today)}`);
      else if (assignedOn !== undefined && said2 < assignedOn) this.refuse('note', 'extension-before-assigned', `Ngày cho gia hạn ${dayVi(said2)} trước ngày giao ${dayVi(assignedOn)}`, `từ ${dayVi(assignedOn)}`);
      else if (completedOn !== undefined && said2 > completedOn) this.refuse('note', 'extension-after-completion', `Ngày cho gia hạn ${dayVi(said2)} sau ngày hoàn thành ${dayVi(completedOn)}`);
      return { deadline: read.deadline, grantedOn: said2, document: said[1]!, dayKnown: true };
    }
    // A stand-in must still fit between assignment, completion and today.
    const earliest = [deadline.literalDueOn, completedOn ?? today, today].sort()[0]!;
    const grantedOn = assignedOn !== undefined && earliest < assignedOn ? assignedOn : earliest;
    this.warn('extendedTo', 'extension-day-missing', `Ghi chú không nêu văn bản và ngày cho gia hạn (“gia hạn tại … ngày dd/mm/yyyy”); lấy ngày ${dayVi(grantedOn)}`, dayVi(grantedOn));
    return { deadline: read.deadline, grantedOn, dayKnown: false };
  }

  private compareWithDeadline(deadline: Deadline, assignedOn: Day | undefined, completedOn: Day | undefined, time: string | undefined, extended: boolean): void {
    const { text } = this;
    if (deadline.kind === 'none') return;
    if (!extended && assignedOn !== undefined && deadline.dueOn < assignedOn) {
      this.warn('due', 'assigned-when-overdue', `Giao khi đã quá hạn: hạn ${dayVi(deadline.dueOn)} trước ngày giao ${dayVi(assignedOn)}`, `từ ${dayVi(assignedOn)}`);
    }
    if (completedOn !== undefined) {
      const at: Instant = time === undefined ? startOfDay(completedOn) : atTime(completedOn, time);
      const late = at > lastInstantInTime(deadline);
      const words = foldText(text.status);
      const due = `hạn ${deadline.dueTime === undefined ? '' : `${deadline.dueTime} `}${dayVi(deadline.dueOn)}`;
      const done = `hoàn thành ${time === undefined ? '' : `${time} `}${dayVi(completedOn)}`;
      if (late && /(?:dung|truoc|trong) han/.test(words)) this.warn('status', 'status-contradicts', `Ghi “${text.status}” nhưng ${done} sau ${due}`);
      else if (!late && /(?:qua|tre|cham|sau) han/.test(words)) this.warn('status', 'status-contradicts', `Ghi “${text.status}” nhưng ${done} không sau ${due}`);
    }
    // A refused extension leaves nothing to compare the cell with.
    if (text.effective === '' || (text.extendedTo !== '' && !extended)) return;
    const effective = readCellDate(text.effective, COLUMNS.effective);
    // A file computed under another policy for days off is not wrong.
    if (!effective.ok) this.warn('effective', effective.code, `${effective.message} Ô này được tính lại`);
    else if (effective.day !== deadline.dueOn && !Object.values(deadline.dueOnBy).includes(effective.day)) {
      this.warn('effective', 'effective-day-differs', `Ô Hạn hiệu lực ghi ${dayVi(effective.day)}, tính được ${dayVi(deadline.dueOn)}`, dayVi(deadline.dueOn));
    }
  }

  /** The cells as typed, in NFC; empty ones have nothing to say. */
  private asTyped(): Record<string, string> {
    const typed: Record<string, string> = {};
    for (const key of COLUMN_KEYS) if (this.typed[key] !== '' && !OF_NO_LIST.has(key) && this.typed[key].trim() !== '') typed[COLUMNS[key]] = this.typed[key].normalize('NFC');
    return typed;
  }
}

/** Marks of this program in its own lists. */
const OF_NO_LIST: ReadonlySet<Column> = new Set<Column>(['code', 'taskId', 'seal']);

interface AssignedMore {
  readonly authority: string;
  readonly field: string;
  readonly starred: boolean;
  readonly routine: boolean;
  readonly weight: number;
  readonly itemId: string;
  readonly parentTaskId: string;
}

/** An authority by its name or its code. */
function authorityNamed(given: string, names: AuthorityNames): string | undefined {
  const words = foldText(given);
  return Object.entries(names).find(([code, name]) => code === words || foldText(name) === words)?.[0];
}

/** Who gives the task, from the signer's position, which may name one of the office's own; tasks of the Government and its head are told by the issuer. */
export function authorityOf(issuer: string, signer: string, names: AuthorityNames = AUTHORITIES): string {
  const from = foldText(issuer);
  if (from === 'chinh phu') return 'chinh-phu';
  if (/^thu tuong(?: chinh phu)?$/.test(from)) return 'thu-tuong';
  const position = foldText(signer);
  const own = Object.entries(names).find(([code, name]) => !Object.hasOwn(AUTHORITIES, code) && foldText(name) === position);
  if (own) return own[0];
  if (/^pho chu tich/.test(position)) return 'pho-chu-tich';
  return /^chu tich/.test(position) ? 'chu-tich' : 'ubnd-tinh';
}

function resultDocumentOf(text: string): ResultDocument | undefined {
  const m = /(?:^|\s)số:? ?(\d[^\s,;]*) ngày (\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/iu.exec(text);
  if (!m) return undefined;
  const date = `${m[4]!}-${m[3]!.padStart(2, '0')}-${m[2]!.padStart(2, '0')}`;
  return isDay(date) ? { number: canonicalDocumentNumber(m[1]!), date } : undefined;
}

