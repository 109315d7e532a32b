/* eslint-disable @typescript-eslint/no-confusing-void-expression -- noting a fault answers `undefined`, which is the value that could not be read */
import { dayOf, endOfDay, isoInstant, slug, startOfDay, timeOf, type Instant } from '#kernel';
import { ACTIONS, ASSIGNMENT, type Action, type Field } from './actions.ts';
import type { Check, Expectation, Moment, Place, Reorganisation, Scenario, ScenarioReading, ScenarioUnit, Section, Step, Template, TemplateObject } from './scenario.ts';
import { Spot, openBook } from './spot.ts';
import { ACTOR_WORDS, AUTHORITY_WORDS, CELL_NAMES, EVENT_WORDS, FLOW_WORDS, OUT_WORDS, PART_WORDS, POLICY_WORDS, RATE_CODES } from './words.ts';

const TOP = ['tình huống', 'trường hợp', 'vì sao', 'nguồn', 'đơn vị', 'sắp xếp đơn vị', 'chung', 'diễn biến', 'kết quả'] as const;
const STEP = ['làm', 'việc', 'ngày', 'lúc', 'ghi lúc', 'ai', 'ghi chú', 'lý do ghi muộn', 'căn cứ ghi muộn', 'nhãn', 'bị từ chối', 'cảnh báo'] as const;
const POINT = ['tính đến', 'biết đến'] as const;
const SCOPE = [...POINT, 'đơn vị', 'phạm vi', 'kỳ', 'từ', 'đến', 'tập việc', 'cơ quan giao', 'xét theo hạn', 'ngày nghỉ', 'làm tròn', 'tổ chức', 'nhóm theo'] as const;
const NUMBERS = ['tổng', 'ô', 'phần', 'ra ngoài', 'luân chuyển', 'tỷ lệ'] as const;
const FIGURES = [...SCOPE, ...NUMBERS, 'câu', 'danh sách', 'nhóm', 'số việc mật', 'bị từ chối'] as const;
const COORDINATION = [...SCOPE, 'trả lời phối hợp'] as const;
const TASK = [...POINT, 'việc', 'ô', 'cơ quan chủ trì', 'thời hạn', 'trạng thái', 'sự kiện', 'số ngày chờ duyệt', 'số ngày quá hạn', 'không có'] as const;
const CELLS = Object.fromEntries(CELL_NAMES.map((cell) => [cell, cell]));
const RATES = Object.fromEntries(RATE_CODES.map((code) => [code, code]));
const STATE_WORDS = {
  'đang thực hiện': 'open', 'chờ xác nhận': 'submitted', 'đã hoàn thành': 'done', 'tạm dừng': 'suspended', 'đã thu hồi': 'withdrawn', 'đã hủy': 'cancelled', 'đã trả lại': 'returned',
  'trùng việc': 'duplicate', 'nhập sai': 'voided',
};
/** Sections of which every number is stated: what is not named has to be 0. */
const WHOLE: Readonly<Record<string, { readonly section: Section; readonly words: Readonly<Record<string, string>>; readonly whole: boolean }>> = {
  ô: { section: 'cells', words: CELLS, whole: true },
  phần: { section: 'parts', words: PART_WORDS, whole: false },
  'ra ngoài': { section: 'out', words: OUT_WORDS, whole: true },
  'luân chuyển': { section: 'flow', words: FLOW_WORDS, whole: true },
};
const LIST_PARAMETER: Readonly<Record<string, string>> = { ô: 'cell', phần: 'part', 'ra ngoài': 'out', 'luân chuyển': 'flow' };
const UNIT_SEGMENT = { RenameUnit: 'rename', MoveUnit: 'move', MergeUnit: 'merge-into', SplitUnit: 'split', DissolveUnit: 'dissolve' } as const;
const WORK_STARTS = 8 * 3_600_000;
const LONGEST_GROUP = 50_000;
const FIRST_DAY_OF_UNITS = '2000-01-01';

/**
 * Reads a scenario file (docs/scenarios.md) or says everything that is wrong with it, each fault with line, column, what was given and what is expected.
 * Nothing is guessed: an unknown key, task, unit, word or date refuses the file. `reorganisations` are the data files that a scenario may name.
 */
export function readScenario(text: string, file: string, reorganisations: ReadonlyMap<string, Reorganisation> = new Map()): ScenarioReading {
  const { book, root } = openBook(text);
  if (book.faults.length > 0) return { ok: false, faults: book.faults };
  const scenario = new Reader(root, reorganisations).read(file);
  return book.faults.length > 0 || scenario === undefined ? { ok: false, faults: inOrder(book.faults) } : { ok: true, scenario };
}

const inOrder = <T extends Place>(faults: readonly T[]): T[] => [...faults].sort((a, b) => a.line - b.line || a.column - b.column);

class Reader {
  private readonly root: Spot;
  private readonly units: ScenarioUnit[] = [];
  /** Units by name and by id, those established in the story too. */
  private readonly unitIds = new Map<string, string>();
  /** A task or group as written, and the single tasks it stands for. */
  private readonly tasks = new Map<string, readonly string[]>();
  private readonly labels = new Set<string>();
  private readonly reorganisations: ReadonlyMap<string, Reorganisation>;
  private reorganisation: Reorganisation | undefined;
  private common: TemplateObject = {};
  private clock: Instant = -Infinity;
  private given = 0;

  constructor(root: Spot, reorganisations: ReadonlyMap<string, Reorganisation>) {
    this.root = root;
    this.reorganisations = reorganisations;
  }

  read(file: string): Scenario | undefined {
    const top = this.root.keys(TOP, ['tình huống', 'vì sao', 'nguồn', 'diễn biến', 'kết quả']);
    if (!top.has('đơn vị') && !top.has('sắp xếp đơn vị')) this.root.wrong('Thiếu “đơn vị”', 'khóa “đơn vị” với các đơn vị của tình huống');
    const title = top.get('tình huống')?.text();
    const why = top.get('vì sao')?.text('một câu: tình huống này giữ điều gì');
    const source = top.get('nguồn')?.text('quy tắc hoặc điều luật làm căn cứ');
    const cases = (top.get('trường hợp')?.oneOrMore() ?? []).flatMap((spot) => {
      const n = spot.count();
      if (n !== undefined && (n < 1 || n > 32)) spot.wrong(`Không có trường hợp số ${String(n)}`, 'số từ 1 đến 32');
      return n ?? [];
    });
    for (const spot of top.get('đơn vị')?.list() ?? []) this.unit(spot);
    const reorganised = top.get('sắp xếp đơn vị');
    this.reorganisation = reorganised?.oneOf(Object.fromEntries(this.reorganisations));
    if (reorganised !== undefined && this.reorganisation !== undefined) this.takeUnits(this.reorganisation, reorganised);
    const story = top.get('diễn biến')?.list() ?? [];
    // Units that are established in the story may be named in it from the start: whether they exist by then is for the program to say.
    for (const spot of story) if (spot.isMap) this.establishedInStory(spot);
    this.common = this.assignment(top.get('chung'), []);
    const steps = story.flatMap((spot) => this.steps(spot));
    const checks = (top.get('kết quả')?.list() ?? []).flatMap((spot, n) => this.check(spot, n) ?? []);
    if (top.get('kết quả') !== undefined && checks.length === 0 && this.root.book.faults.length === 0 && !steps.some((step) => step.refused)) top.get('kết quả')!.wrong('Không kiểm tra gì', 'ít nhất một kết quả');
    if (title === undefined || why === undefined || source === undefined || steps.length === 0) return undefined;
    const cutOffs = checks.flatMap((check) => (check.query['asOf'] === undefined ? [] : [lastOf(check.query['asOf'])]));
    return { file, title, cases, why, source, units: this.units, steps, checks, until: Math.max(this.clock, ...cutOffs) };
  }

  private unit(spot: Spot): void {
    const keys = spot.isMap ? spot.keys(['mã', 'tên', 'tên ngắn', 'loại', 'thuộc', 'lập ngày'], ['tên']) : undefined;
    const name = keys === undefined ? spot.text('tên một đơn vị') : keys.get('tên')?.text();
    if (name === undefined) return;
    const id = keys?.get('mã')?.text() ?? slug(name);
    if (this.unitIds.has(name) || this.unitIds.has(id)) {
      spot.wrong(`Đơn vị “${name}” đã có`, 'mỗi đơn vị một lần');
      return;
    }
    const parentId = keys?.get('thuộc') === undefined ? undefined : this.unitId(keys.get('thuộc')!);
    this.unitIds.set(name, id).set(id, id);
    this.units.push({
      ...spot.place, id, name, shortName: keys?.get('tên ngắn')?.text() ?? Array.from(name).slice(0, 16).join('').trim(), kind: keys?.get('loại')?.text() ?? 'sở, ban, ngành',
      ...(parentId === undefined ? {} : { parentId }), establishedOn: keys?.get('lập ngày')?.day() ?? FIRST_DAY_OF_UNITS,
    });
  }

  /** Units as a data file has them: those before, and the ids of those that come. Names may repeat there, so ids count. */
  private takeUnits({ before, facts }: Reorganisation, spot: Spot): void {
    for (const unit of before) {
      this.unitIds.set(unit.id, unit.id);
      this.units.push({ ...spot.place, ...unit });
    }
    for (const { command, unitId } of facts) if (command === 'EstablishUnit') this.unitIds.set(unitId, unitId);
    const names = new Map<string, string[]>();
    for (const { name, id } of before) names.set(name, [...(names.get(name) ?? []), id]);
    for (const [name, ids] of names) if (ids.length === 1 && !this.unitIds.has(name)) this.unitIds.set(name, ids[0]!);
  }

  private steps(spot: Spot): readonly Step[] {
    if (!spot.isMap || spot.entries().get('làm')?.given !== 'sắp xếp theo tệp') {
      const step = this.step(spot);
      return step === undefined ? [] : [step];
    }
    const keys = spot.keys(['làm', 'ghi lúc'], ['ghi lúc']);
    const times = this.times(keys, spot, ACTIONS['chờ']!, this.root.book.faults.length);
    if (times === undefined) return [];
    if (this.reorganisation === undefined) {
      spot.wrong('Không có tệp sắp xếp', '“sắp xếp đơn vị” ở đầu tình huống');
      return [];
    }
    const { facts, legalBases } = this.reorganisation;
    return facts.map(({ command, unitId, legalBasis, ...body }, n): Step => ({
      ...spot.place, title: `${spot.path.replace('diễn biến', 'bước')} (sắp xếp theo tệp, mục ${String(n + 1)}: ${unitId})`, recordedAt: times.recordedAt, actor: 'admin', tasks: [], gives: false,
      path: command === 'EstablishUnit' ? '/units' : `/units/${unitId}/${UNIT_SEGMENT[command]}`,
      body: { ...(command === 'EstablishUnit' ? { id: unitId } : {}), ...(body as TemplateObject), ...(legalBasis === undefined ? {} : { legalBasis: legalBases[legalBasis] ?? legalBasis }) },
    }));
  }

  private establishedInStory(step: Spot): void {
    const items = step.entries();
    if (items.get('làm')?.given !== 'lập đơn vị') return;
    const name = items.get('đơn vị')?.given;
    if (name !== undefined && !this.unitIds.has(name)) this.unitIds.set(name, slug(name)).set(slug(name), slug(name));
  }

  private unitId(spot: Spot): string | undefined {
    const text = spot.text('tên hoặc mã một đơn vị trong mục “đơn vị”');
    if (text === undefined) return undefined;
    // “mã …” is passed on as it stands, to show what the program says to a unit it does not have.
    const strange = /^mã ([a-z0-9-]+)$/.exec(text);
    if (strange) return strange[1];
    return this.unitIds.get(text) ?? spot.wrong(`Không có đơn vị “${text}” trong tệp`, [...new Set(this.unitIds.keys())].join(', ') || 'một đơn vị trong mục “đơn vị”');
  }

  private single(spot: Spot): string | undefined {
    const names = this.taskNames(spot);
    if (names !== undefined && names.length > 1) return spot.wrong(`“${spot.given}” là một nhóm ${String(names.length)} việc`, 'một việc, ví dụ “' + names[0]! + '”');
    return names?.[0];
  }

  /** The single tasks behind a name: a task, or all tasks of a group. */
  private taskNames(spot: Spot): readonly string[] | undefined {
    const text = spot.text('tên một việc đã giao ở trên');
    if (text === undefined) return undefined;
    return this.tasks.get(text) ?? spot.wrong(`Chưa có việc nào tên “${text}”`, this.tasks.size === 0 ? 'một việc đã giao ở bước trước' : `một việc đã giao ở bước trước: ${[...this.tasks.keys()].slice(0, 20).join(', ')}`);
  }

  /** What follows from a fault that is told already is not told too. */
  private unless(told: number, fault: () => undefined): undefined {
    return this.root.book.faults.length > told ? undefined : fault();
  }

  private step(spot: Spot): Step | undefined {
    const told = this.root.book.faults.length;
    const all = spot.entries();
    const name = all.get('làm') === undefined ? spot.wrong('Thiếu “làm”', `khóa “làm” với một trong: ${Object.keys(ACTIONS).join(', ')}`) : all.get('làm')!.oneOf(Object.fromEntries(Object.keys(ACTIONS).map((key) => [key, key])));
    if (name === undefined) return undefined;
    const action = ACTIONS[name]!;
    const required = Object.entries(action.fields).filter(([, field]) => field.required).map(([key]) => key);
    const inPlay = STEP.filter((key) => (key !== 'việc' || action.tasks !== 'none') && (key !== 'nhãn' || action.tasks !== 'none') && (key !== 'ngày' || action.day !== 'none') && (key !== 'lúc' || ['occurredOn', 'assignedOn'].includes(action.day)));
    const keys = spot.keys([...inPlay, ...(action.tasks === 'new' ? ['số lượng', 'ngày nhận'] : []), ...Object.keys(action.fields)], [...required, ...(action.tasks === 'none' ? [] : ['việc']), ...(action.path === undefined ? ['ghi lúc'] : []), ...(action.path === '/tasks/{task}/progress' ? ['ghi chú'] : [])]);
    const times = this.times(keys, spot, action, told);
    if (times === undefined) return undefined;
    const { fact, recordedAt } = times;

    const names = action.tasks === 'none' ? [] : action.tasks === 'new' ? this.newTasks(keys) : (keys.get('việc')?.oneOrMore() ?? []).flatMap((task) => this.taskNames(task) ?? []);
    const body: Record<string, Template | undefined> = {};
    if (action.tasks === 'new') Object.assign(body, this.assignment(keys, ['số lượng', 'ngày nhận', ...STEP], recordedAt, fact));
    else for (const [key, field] of Object.entries(action.fields)) {
      const value = keys.get(key);
      if (value !== undefined) body[field.to] = this.field(value, field);
    }
    const day = fact === undefined ? undefined : 'day' in fact ? fact.day : dayOf(fact.at);
    if (action.day === 'assignedOn') body['assignedOn'] = day ?? dayOf(recordedAt);
    else if (action.day !== 'none' && day !== undefined && !(fact !== undefined && 'at' in fact)) body[action.day] = day;
    else if ((action.day === 'on' || action.day === 'establishedOn') && day === undefined) body[action.day] = dayOf(recordedAt);
    if (fact !== undefined && 'at' in fact) body['occurredAt'] = isoInstant(fact.at);
    for (const [key, to] of [['ghi chú', 'note'], ['lý do ghi muộn', 'backdateReason'], ['căn cứ ghi muộn', 'backdateDocument']] as const) {
      const value = keys.get(key)?.text();
      if (value !== undefined) body[to] = value;
    }
    if (action.path === '/tasks/{task}/completion-submissions' && body['resultDocument'] === undefined) body['resultDocument'] = { number: `${String(++this.given)}/BC-TH`, date: day ?? dayOf(recordedAt) };
    if (action.path === '/units') this.completeUnit(body, keys);
    if (body['openTasks'] !== undefined) body['openTasks'] = { toUnitId: body['openTasks'] };
    if (action.tasks === 'together') body['taskIds'] = names.map((task) => ({ $task: task }));
    let path = action.path;
    for (const hole of ['{unit}', '{year}']) {
      const value = body[hole];
      if (path?.includes(hole) && typeof value === 'string') path = path.replace(hole, value);
      Reflect.deleteProperty(body, hole);
    }

    const label = keys.get('nhãn')?.text();
    if (label !== undefined && this.labels.has(label)) keys.get('nhãn')!.wrong(`Nhãn “${label}” đã dùng`, 'một nhãn mới');
    if (label !== undefined) this.labels.add(label);
    const refused = keys.get('bị từ chối');
    const warnings = keys.get('cảnh báo');
    return {
      ...spot.place, title: `${spot.path.replace('diễn biến', 'bước')} (${name})`, recordedAt, actor: this.actor(keys.get('ai'), action), tasks: names, ...(path === undefined ? {} : { path }), body, gives: action.tasks === 'new',
      ...(label === undefined ? {} : { label }), ...(refused === undefined ? {} : { refused: this.refused(refused) }),
      ...(warnings === undefined ? {} : { warnings: { ...warnings.place, codes: warnings.oneOrMore().flatMap((w) => w.text('mã cảnh báo') ?? []) } }),
    };
  }

  private refused(spot: Spot): Place & { readonly code: string; readonly fact?: string } {
    if (!spot.isMap) return { ...spot.place, code: spot.text('mã từ chối, ví dụ not-allowed-when-done') ?? '' };
    const keys = spot.keys(['mã', 'vướng'], ['mã']);
    const fact = keys.get('vướng')?.oneOf(EVENT_WORDS);
    return { ...spot.place, code: keys.get('mã')?.text() ?? '', ...(fact === undefined ? {} : { fact }) };
  }

  private actor(spot: Spot | undefined, action: Action): string {
    if (spot === undefined) return action.actor ?? 'office';
    const text = spot.text() ?? '';
    if (this.unitIds.has(text)) return `unit:${this.unitIds.get(text)!}`;
    return spot.oneOf({ ...ACTOR_WORDS, ...Object.fromEntries(this.units.map((unit) => [unit.name, `unit:${unit.id}`])) }) ?? 'office';
  }

  /** When it happened and when it was recorded; recordings never go back. */
  private times(keys: ReadonlyMap<string, Spot>, spot: Spot, action: Action, told: number): { readonly fact: Moment | undefined; readonly recordedAt: Instant } | undefined {
    const on = keys.get('ngày');
    const at = keys.get('lúc');
    const recorded = keys.get('ghi lúc');
    if (on !== undefined && at !== undefined) return spot.wrong('Có cả “ngày” và “lúc”', 'chỉ một trong hai');
    const day = on?.day();
    const instant = at?.moment();
    if (instant !== undefined && !('at' in instant)) return at!.wrong('“lúc” cần cả giờ', 'một thời điểm, dạng 28/11/2020 16:00');
    const fact: Moment | undefined = day !== undefined ? { day } : instant;
    if ((on !== undefined || at !== undefined) && fact === undefined) return undefined;
    if (recorded === undefined && fact === undefined) return this.unless(told, () => spot.wrong('Không rõ lúc nào', action.day === 'none' ? 'khóa “ghi lúc”' : 'khóa “ngày”, “lúc” hoặc “ghi lúc”'));

    const written = recorded?.moment();
    if (recorded !== undefined && written === undefined) return undefined;
    let recordedAt = written !== undefined ? momentOfWork(written) : fact !== undefined ? momentOfWork(fact) : NaN;
    if (recordedAt < this.clock) {
      const sameDay = dayOf(recordedAt) === dayOf(this.clock);
      // A day alone means some time of that day: not before what was recorded already.
      const byDay = written !== undefined ? 'day' in written : fact !== undefined && 'day' in fact;
      if (sameDay && byDay) recordedAt = this.clock;
      else return (recorded ?? on ?? at ?? spot).wrong(
        recorded === undefined ? `Xảy ra trước lúc ghi của bước trên (${dayTimeVi(this.clock)}): đây là ghi muộn` : `Ghi trước bước trên (${dayTimeVi(this.clock)})`,
        recorded === undefined ? 'thêm “ghi lúc” không sớm hơn bước trên, và “lý do ghi muộn”' : 'lúc ghi không sớm hơn bước trên: nhật ký không bao giờ lùi',
      );
    }
    this.clock = recordedAt;
    return { fact, recordedAt };
  }

  private newTasks(keys: ReadonlyMap<string, Spot>): readonly string[] {
    const number = keys.get('số lượng');
    const count = number === undefined ? undefined : number.count();
    if (count !== undefined && (count < 1 || count > LONGEST_GROUP)) number!.wrong(`Nhóm ${String(count)} việc`, `từ 1 đến ${String(LONGEST_GROUP)}`);
    return (keys.get('việc')?.oneOrMore() ?? []).flatMap((spot) => {
      const name = spot.text('tên gọi của việc trong tệp này');
      if (name === undefined) return [];
      if (this.tasks.has(name)) {
        spot.wrong(`Đã có việc tên “${name}”`, 'một tên mới');
        return [];
      }
      const names = count === undefined ? [name] : Array.from({ length: Math.min(count, LONGEST_GROUP) }, (_, n) => `${name} (${String(n + 1)})`);
      this.tasks.set(name, names);
      if (count !== undefined) for (const one of names) this.tasks.set(one, [one]);
      return names;
    });
  }

  /** Fields of an assignment, with what `chung` says and what goes without saying. */
  private assignment(from: Spot | ReadonlyMap<string, Spot> | undefined, besides: readonly string[], recordedAt?: Instant, fact?: Moment): TemplateObject {
    if (from === undefined) return {};
    const keys = from instanceof Spot ? from.keys(Object.keys(ASSIGNMENT)) : from;
    const body: Record<string, Template | undefined> = recordedAt === undefined ? {} : { ...this.common };
    for (const [key, spot] of keys) if (!besides.includes(key) && ASSIGNMENT[key] !== undefined) body[ASSIGNMENT[key].to] = this.field(spot, ASSIGNMENT[key]);
    if (recordedAt === undefined) return body;
    const on = fact === undefined ? dayOf(recordedAt) : 'day' in fact ? fact.day : dayOf(fact.at);
    const received = keys.get('ngày nhận')?.day();
    if (body['leadUnitId'] === undefined && !keys.has('cơ quan chủ trì')) {
      if (this.units.length === 1) body['leadUnitId'] = this.units[0]!.id;
      else keys.get('việc')?.wrong('Chưa ghi cơ quan chủ trì', '“cơ quan chủ trì” ở bước này hoặc trong mục “chung” (chỉ bỏ được khi tệp có một đơn vị)');
    }
    if (body['deadline'] === undefined && !keys.has('thời hạn')) keys.get('việc')?.wrong('Chưa ghi thời hạn', '“thời hạn”: một ngày, một cụm từ, hoặc “không thời hạn”');
    const document = (body['document'] ?? {}) as TemplateObject;
    body['document'] = { number: `${String(++this.given)}/CV-TH`, date: on, issuer: 'UBND tỉnh', title: 'Văn bản giao việc của tình huống', ...document };
    body['authority'] ??= 'ubnd-tinh';
    body['content'] ??= { $name: true };
    if (received !== undefined && typeof body['deadline'] === 'object' && body['deadline'] !== null) body['deadline'] = { ...(body['deadline'] as TemplateObject), receivedOn: received };
    return body;
  }

  private completeUnit(body: Record<string, Template | undefined>, keys: ReadonlyMap<string, Spot>): void {
    const name = keys.get('đơn vị')?.given ?? '';
    body['name'] = name;
    body['shortName'] = Array.from(name).slice(0, 16).join('').trim();
    body['kind'] = 'sở, ban, ngành';
  }

  private field(spot: Spot, { as }: Field): Template | undefined {
    switch (as) {
      case 'text':
        return spot.text();
      case 'deadline':
        return deadline(spot);
      case 'unit':
      case 'unit-id':
        return this.unitId(spot);
      case 'units':
        return spot.oneOrMore().flatMap((one) => this.unitId(one) ?? []);
      case 'task': {
        const task = this.single(spot);
        return task === undefined ? undefined : { $task: task };
      }
      case 'day':
        return spot.day();
      case 'count':
        return spot.count();
      case 'yes-no':
        return spot.yesNo();
      case 'authority':
        return spot.oneOf(AUTHORITY_WORDS);
      case 'policy':
        return spot.oneOf(POLICY_WORDS);
      case 'document': {
        const keys = spot.keys(['số', 'ngày', 'cơ quan ban hành', 'trích yếu', 'chức vụ người ký', 'độ khẩn']);
        return defined({ number: keys.get('số')?.text(), date: keys.get('ngày')?.day(), issuer: keys.get('cơ quan ban hành')?.text(), title: keys.get('trích yếu')?.text(), signerTitle: keys.get('chức vụ người ký')?.text(), urgency: keys.get('độ khẩn')?.text() });
      }
      case 'result': {
        const keys = spot.keys(['số', 'ngày'], ['số', 'ngày']);
        return defined({ number: keys.get('số')?.text(), date: keys.get('ngày')?.day() });
      }
      case 'changes': {
        const keys = spot.keys([...Object.keys(ASSIGNMENT), 'ngày giao']);
        const changes: Record<string, Template | undefined> = {};
        for (const [key, value] of keys) {
          if (key === 'ngày giao') changes['assignedOn'] = value.day();
          else changes[ASSIGNMENT[key]!.to] = value.given === 'bỏ' ? null : this.field(value, ASSIGNMENT[key]!);
        }
        return changes;
      }
      case 'event':
        return this.event(spot);
      case 'holidays':
        return spot.list().map((item) => { const k = item.keys(['ngày', 'tên'], ['ngày', 'tên']); return defined({ date: k.get('ngày')?.day(), name: k.get('tên')?.text(), basis: 'tình huống' }); });
      case 'compensations':
        return spot.list().map((item) => { const k = item.keys(['ngày', 'bù cho'], ['ngày', 'bù cho']); return { ...defined({ date: k.get('ngày')?.day(), basis: 'tình huống' }), compensates: (k.get('bù cho')?.oneOrMore() ?? []).flatMap((d) => d.day() ?? []) }; });
      case 'swaps':
        return spot.list().map((item) => { const k = item.keys(['làm việc', 'nghỉ'], ['làm việc', 'nghỉ']); return defined({ worked: k.get('làm việc')?.day(), off: k.get('nghỉ')?.day(), basis: 'tình huống' }); });
    }
  }

  /** A label given to a step, or the name of an event (the last of that name, or “… lần 2”). */
  private event(spot: Spot): Template | undefined {
    const text = spot.text('nhãn của một bước, hoặc tên sự kiện (có thể thêm “lần 2”)');
    if (text === undefined) return undefined;
    if (this.labels.has(text)) return { $event: { label: text } };
    const m = /^(.*?)(?: lần (\d+))?$/.exec(text)!;
    if (Object.hasOwn(EVENT_WORDS, m[1]!)) return { $event: { type: EVENT_WORDS[m[1]!]!, ...(m[2] === undefined ? {} : { nth: Number(m[2]) }) } };
    return spot.wrong(`Không có nhãn hay sự kiện “${text}”`, [...this.labels, ...Object.keys(EVENT_WORDS)].join(', '));
  }

  private check(spot: Spot, n: number): Check | undefined {
    const told = this.root.book.faults.length;
    const all = spot.entries();
    const title = `kết quả ${String(n + 1)}`;
    if (all.has('việc')) return this.taskCheck(spot, title);
    if (all.has('trả lời phối hợp')) {
      const keys = spot.keys(COORDINATION, ['tính đến']);
      const expectations = [...keys.get('trả lời phối hợp')!.entries()].map(([key, value]): Expectation => ({ ...value.place, path: value.path, of: 'rate', code: 'RC', ...(key === 'chung' ? {} : { group: this.unitIds.get(key) ?? value.wrong(`Không có đơn vị “${key}”`, 'tên đơn vị hoặc “chung”') ?? key }), expected: ratio(value) ?? '' }));
      return { ...spot.place, title, kind: 'coordination', query: this.query(keys), expectations };
    }
    const keys = spot.keys(FIGURES, ['tính đến']);
    const query = this.query(keys);
    const expectations: Expectation[] = this.numbers(keys);
    const sentence = keys.get('câu')?.text('câu số liệu đúng từng chữ');
    if (sentence !== undefined) expectations.push({ ...keys.get('câu')!.place, path: keys.get('câu')!.path, of: 'sentence', expected: sentence });
    for (const [key, value] of keys.get('danh sách')?.keys([...Object.keys(LIST_PARAMETER), 'tỷ lệ']) ?? []) expectations.push(...this.lists(key, value));
    const groups = keys.get('nhóm');
    if (groups !== undefined) {
      if (query['groupBy'] === undefined) groups.wrong('“nhóm” cần “nhóm theo”', '“nhóm theo: đơn vị” (hoặc cơ quan giao, lĩnh vực, tháng)');
      const named = [...groups.entries()].map(([key, value]) => ({ key: this.groupKey(key, query['groupBy'], value), value }));
      expectations.push({ ...groups.place, path: groups.path, of: 'groups', keys: named.map(({ key }) => key) });
      for (const { key, value } of named) expectations.push(...this.numbers(value.keys(NUMBERS), key));
    }
    const secret = keys.get('số việc mật')?.keys(['giao', 'hoàn thành']);
    for (const [key, name] of [['giao', 'assigned'], ['hoàn thành', 'completed']] as const) {
      const value = secret?.get(key);
      const expected = value?.count();
      if (value !== undefined && expected !== undefined) expectations.push({ ...value.place, path: value.path, of: 'secret', name, expected });
    }
    const refusal = keys.get('bị từ chối');
    if (refusal !== undefined) expectations.push({ ...refusal.place, path: refusal.path, of: 'refusal', code: refusal.text('mã từ chối') ?? '' });
    if (expectations.length === 0) return this.unless(told, () => spot.wrong('Không nêu con số nào', `ít nhất một trong: ${[...NUMBERS, 'câu', 'danh sách', 'nhóm', 'số việc mật', 'bị từ chối'].join(', ')}`));
    if (refusal !== undefined && expectations.length > 1) return refusal.wrong('Đã bị từ chối thì không có số', 'chỉ “bị từ chối”');
    return { ...spot.place, title, kind: 'figures', query, ...(query['knownAt'] === undefined ? {} : { knownUntil: lastOf(query['knownAt']) }), expectations };
  }

  private groupKey(key: string, groupBy: string | undefined, spot: Spot): string {
    if (groupBy === 'unit') return this.unitIds.get(key) ?? spot.wrong(`Không có đơn vị “${key}”`, 'tên đơn vị trong tệp') ?? key;
    if (groupBy === 'authority') return AUTHORITY_WORDS[key] ?? spot.wrong(`Không có cơ quan giao “${key}”`, Object.keys(AUTHORITY_WORDS).join(', ')) ?? key;
    if (groupBy === 'month') return /^(\d{2})\/(\d{4})$/.exec(key)?.slice(1).reverse().join('-') ?? spot.wrong(`“${key}” không phải một tháng`, 'dạng 11/2020') ?? key;
    return key;
  }

  private numbers(keys: ReadonlyMap<string, Spot>, group?: string): Expectation[] {
    const found: Expectation[] = [];
    const of = group === undefined ? {} : { group };
    const total = keys.get('tổng');
    const n = total?.count();
    if (total !== undefined && n !== undefined) found.push({ ...total.place, path: total.path, of: 'total', ...of, expected: n });
    for (const [key, { section, words, whole }] of Object.entries(WHOLE)) {
      const spot = keys.get(key);
      if (spot === undefined) continue;
      const named = spot.keys(Object.keys(words));
      for (const [word, name] of Object.entries(words)) {
        const value = named.get(word);
        if (value === undefined && !whole) continue;
        const expected = value === undefined ? 0 : value.count();
        if (expected !== undefined) found.push({ ...(value ?? spot).place, path: `${spot.path} › ${word}`, of: 'count', section, name, ...of, expected });
      }
    }
    const rates = keys.get('tỷ lệ');
    for (const [code, value] of rates?.keys(Object.keys(RATES)) ?? []) {
      const expected = ratio(value);
      if (expected !== undefined) found.push({ ...value.place, path: value.path, of: 'rate', code, ...of, expected });
    }
    return found;
  }

  private lists(key: string, spot: Spot): Expectation[] {
    const words = key === 'tỷ lệ' ? Object.fromEntries(RATE_CODES.flatMap((code) => [[`${code} tử`, `${code} numerator`], [`${code} mẫu`, `${code} denominator`]])) : WHOLE[key]!.words;
    return [...spot.keys(Object.keys(words))].map(([word, value]): Expectation => {
      const [name, side] = words[word]!.split(' ');
      const selector: Record<string, string> = key === 'tỷ lệ' ? { rate: name!, side: side! } : { [LIST_PARAMETER[key]!]: name! };
      return { ...value.place, path: value.path, of: 'list', selector, tasks: value.list().flatMap((task) => this.taskNames(task) ?? []) };
    });
  }

  private query(keys: ReadonlyMap<string, Spot>): Record<string, string> {
    const unit = keys.get('đơn vị');
    const period = keys.get('kỳ');
    const given = period?.text();
    if (period !== undefined && (keys.has('từ') || keys.has('đến'))) period.wrong('Có cả “kỳ” và “từ”, “đến”', 'chỉ một trong hai cách');
    return strings({
      asOf: point(keys.get('tính đến')), knownAt: point(keys.get('biết đến')), unitId: unit === undefined ? undefined : this.unitId(unit),
      scope: keys.get('phạm vi')?.oneOf({ 'chỉ đơn vị': 'self', 'cả trực thuộc': 'tree' }), period: given, from: keys.get('từ')?.day(), to: keys.get('đến')?.day(),
      cohort: keys.get('tập việc')?.oneOf({ C1: 'C1', C2: 'C2', C3: 'C3' }), authority: keys.get('cơ quan giao')?.oneOf(AUTHORITY_WORDS),
      deadlineBasis: keys.get('xét theo hạn')?.oneOf({ 'hiện hành': 'current', 'ban đầu': 'original' }), fixedDatePolicy: keys.get('ngày nghỉ')?.oneOf(POLICY_WORDS),
      rounding: keys.get('làm tròn')?.oneOf({ 'nửa thì lên': 'half-up', 'cắt bỏ': 'truncate' }), organisedAs: keys.get('tổ chức')?.oneOf({ 'khi đó': 'was', 'bây giờ': 'is' }),
      groupBy: keys.get('nhóm theo')?.oneOf({ 'đơn vị': 'unit', 'cơ quan giao': 'authority', 'lĩnh vực': 'field', tháng: 'month' }),
    });
  }

  private taskCheck(spot: Spot, title: string): Check | undefined {
    const told = this.root.book.faults.length;
    const keys = spot.keys(TASK, ['tính đến']);
    const task = this.single(keys.get('việc')!);
    if (task === undefined) return undefined;
    const expectations: Expectation[] = [];
    const add = (key: string, name: string, read: (value: Spot) => string | undefined): void => {
      const value = keys.get(key);
      const expected = value === undefined ? undefined : read(value);
      if (value !== undefined && expected !== undefined) expectations.push({ ...value.place, path: value.path, of: 'field', name, expected });
    };
    add('ô', 'cell', (value) => value.oneOf({ ...CELLS, ...OUT_WORDS, 'không tính': 'null' }));
    add('cơ quan chủ trì', 'leadUnitId', (value) => this.unitId(value));
    add('trạng thái', 'state', (value) => value.oneOf(STATE_WORDS));
    add('số ngày chờ duyệt', 'approvalDelayDays', (value) => (value.given === 'chưa có' ? 'null' : value.count()?.toString()));
    add('số ngày quá hạn', 'daysLate', (value) => (value.given === 'không' ? 'null' : value.count()?.toString()));
    add('thời hạn', 'deadline', (value) => {
      if (value.given === 'không thời hạn') return 'không thời hạn';
      const moment = value.moment();
      return moment === undefined ? undefined : 'day' in moment ? moment.day : isoInstant(moment.at).slice(0, 16).replace('T', ' ');
    });
    const events = keys.get('sự kiện');
    if (events !== undefined) expectations.push({ ...events.place, path: events.path, of: 'events', types: events.list().flatMap((event) => event.oneOf(EVENT_WORDS) ?? []) });
    const missing = keys.get('không có');
    if (missing?.yesNo() === true) expectations.push({ ...missing.place, path: missing.path, of: 'missing' });
    if (expectations.length === 0) return this.unless(told, () => spot.wrong('Không nêu điều gì về việc này', `ít nhất một trong: ${TASK.slice(3).join(', ')}`));
    return { ...spot.place, title: `${title} (việc “${task}”)`, kind: 'task', task, query: strings({ asOf: point(keys.get('tính đến')), knownAt: point(keys.get('biết đến')) }), expectations };
  }
}

/** “28/11/2020”, “28/11/2020 16:00”, “không thời hạn”, or a phrase. */
function deadline(spot: Spot): Template | undefined {
  const text = spot.text('một ngày (28/11/2020), ngày giờ (28/11/2020 16:00), “không thời hạn”, hoặc cụm từ của văn bản');
  if (text === undefined) return undefined;
  if (text === 'không thời hạn') return { none: true };
  if (!/^\d{2}\/\d{2}\/\d{4}( \d{2}:\d{2})?$/.test(text)) return { phrase: text };
  const moment = spot.moment();
  if (moment === undefined) return undefined;
  return 'day' in moment ? { date: moment.day } : { date: dayOf(moment.at), time: timeOf(moment.at) };
}

/** “268/274 = 97,81 %”: a rate is never written without its numerator and denominator. */
function ratio(spot: Spot): string | undefined {
  const expected = 'tử/mẫu = giá trị, ví dụ 268/274 = 97,81 % hoặc 0/0 = không phát sinh';
  const text = spot.text(expected);
  if (text === undefined) return undefined;
  const m = /^([\d.]+)\/([\d.]+) = (\d{1,3}(?:,\d{1,2})? %|không phát sinh)$/.exec(text);
  // Inside { } a comma ends the value, so "66,67 %" arrives cut.
  const cut = /^[\d.]+\/[\d.]+ = \d+$/.test(text) ? '; trong { } dấu phẩy là hết giá trị, nên đặt cả tỷ lệ trong dấu nháy kép' : '';
  return m === null ? spot.wrong(`“${text}” không phải một tỷ lệ${cut}`, expected) : `${m[1]!.replaceAll('.', '')}/${m[2]!.replaceAll('.', '')} = ${m[3]!}`;
}

function point(spot: Spot | undefined): string | undefined {
  const moment = spot?.moment();
  return moment === undefined ? undefined : 'day' in moment ? moment.day : isoInstant(moment.at);
}

/** Last instant of an `asOf`. */
function lastOf(asOf: string): Instant {
  return asOf.length === 10 ? endOfDay(asOf) - 1 : Date.parse(asOf);
}

/** A recording by day is made when the office opens. */
function momentOfWork(moment: Moment): Instant {
  return 'at' in moment ? moment.at : startOfDay(moment.day) + WORK_STARTS;
}

function dayTimeVi(at: Instant): string {
  const iso = isoInstant(at);
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
}

function defined(values: Readonly<Record<string, Template | undefined>>): TemplateObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function strings(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

