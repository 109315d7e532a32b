import type { Deadline } from '#deadlines';
import { cleanText, instantVi, isoInstant, type Instant } from '#kernel';
import { hasSecrecyMark } from '#tasks';
import { agendaTrouble, USUAL_AGENDA } from './agenda.ts';
import { CONCLUSION_KINDS, type AgendaPage, type BriefingEvent, type ConclusionKind, type KnownPoint, type MadeEvent } from './events.ts';
import type { Briefing, BriefingState, Conclusion } from './state.ts';

export const NAME_LIMIT = 200;
export const TEXT_LIMIT = 500;
export const SHORT_LIMIT = 48;
export const REASON_LIMIT = 500;

export interface OpenBriefing {
  readonly type: 'OpenBriefing';
  readonly name: string;
  readonly cutOff: Instant;
  readonly unitId?: string;
  readonly presiding?: string;
  readonly agenda?: readonly { readonly key: string; readonly minutes: number }[];
  readonly known: KnownPoint;
}
export interface RecordConclusion {
  readonly type: 'RecordConclusion';
  readonly conclusionId: string;
  readonly kind: string;
  readonly text: string;
  readonly short?: string;
  readonly reason?: string;
  readonly taskId?: string;
  readonly unitId?: string;
  readonly deadline?: Deadline;
  readonly made: readonly MadeEvent[];
  /** Its fact stands in a task already: the recording was broken off and goes on, in a meeting that has been closed meanwhile too. */
  readonly begun?: true;
}
export type BriefingCommand =
  | OpenBriefing
  | { readonly type: 'ArrangePages'; readonly pages: readonly { readonly key: string; readonly minutes: number }[] }
  | RecordConclusion
  | { readonly type: 'AmendConclusion'; readonly conclusionId: string; readonly text: string; readonly short?: string; readonly reason: string }
  | { readonly type: 'StrikeConclusion'; readonly conclusionId: string; readonly reason: string }
  | { readonly type: 'CloseBriefing'; readonly known: KnownPoint };

/** What the decider sees beside the meeting itself. */
export interface BriefingContext {
  readonly now: Instant;
  /** Of the same scope: the meeting that is open now, and the last one that was closed. */
  readonly open?: { readonly id: string; readonly name: string };
  readonly previous?: { readonly id: string; readonly name: string; readonly cutOff: Instant };
}

export interface BriefingRejection {
  readonly status: 404 | 409 | 422;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
  /** What stands in the way. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export type BriefingDecision = { readonly ok: true; readonly events: readonly BriefingEvent[] } | { readonly ok: false; readonly rejection: BriefingRejection };

/** The decider of a meeting: pure and total. */
export function decideBriefing(command: BriefingCommand, state: BriefingState, context: BriefingContext): BriefingDecision {
  if (command.type === 'OpenBriefing') return state.kind === 'none' ? open(command, context) : refuse({ status: 409, code: 'briefing-exists', detail: `Phiên giao ban “${state.name}” đã được mở.` });
  if (state.kind === 'none') return refuse({ status: 404, code: 'briefing-not-found', detail: 'Không có phiên giao ban này.' });
  if (state.closed && !(command.type === 'RecordConclusion' && command.begun)) {
    return refuse({ status: 409, code: 'briefing-closed', detail: `Phiên “${state.name}” đã kết thúc lúc ${instantVi(state.closed.at)}; không ghi thêm được.`, extra: { fact: { eventId: state.closed.eventId, type: 'BriefingClosed', occurredAt: isoInstant(state.closed.at) } } });
  }
  switch (command.type) {
    case 'ArrangePages': {
      const trouble = agendaTrouble(command.pages);
      if (trouble) return invalid(trouble.code, trouble.detail, `/pages${trouble.at}`, trouble.given);
      return done({ type: 'BriefingPagesArranged', data: { pages: plainAgenda(command.pages) } });
    }
    case 'RecordConclusion':
      return record(command, state);
    case 'AmendConclusion':
      return onConclusion(command.conclusionId, state, () => {
        const words = wordsTrouble(command) ?? reasonTrouble(command.reason);
        if (words) return words;
        const short = cleanText(command.short ?? '');
        return done({ type: 'ConclusionAmended', data: { conclusionId: command.conclusionId, text: cleanText(command.text), ...(short === '' ? {} : { short }), reason: cleanText(command.reason) } });
      });
    case 'StrikeConclusion':
      return onConclusion(command.conclusionId, state, () => reasonTrouble(command.reason) ?? done({ type: 'ConclusionStruck', data: { conclusionId: command.conclusionId, reason: cleanText(command.reason) } }));
    case 'CloseBriefing':
      return done({ type: 'BriefingClosed', data: { known: command.known } });
  }
}

function open(command: OpenBriefing, { now, open: other, previous }: BriefingContext): BriefingDecision {
  const name = cleanText(command.name);
  const presiding = cleanText(command.presiding ?? '');
  if (name === '') return invalid('name-missing', 'Phiên giao ban cần một tên.', '/name', command.name);
  const long = tooLong(name, NAME_LIMIT, 'Tên phiên', '/name') ?? tooLong(presiding, NAME_LIMIT, 'Chức danh chủ trì', '/presiding');
  if (long) return long;
  if (hasSecrecyMark(name) || hasSecrecyMark(presiding)) return secret(hasSecrecyMark(name) ? '/name' : '/presiding');
  if (command.cutOff > now) return invalid('cut-off-in-the-future', `Mốc chốt ${instantVi(command.cutOff)} ở sau lúc này (${instantVi(now)}).`, '/cutOff', isoInstant(command.cutOff));
  const trouble = command.agenda === undefined ? undefined : agendaTrouble(command.agenda);
  if (trouble) return invalid(trouble.code, trouble.detail, `/agenda${trouble.at}`, trouble.given);
  if (other) return refuse({ status: 409, code: 'briefing-open', detail: `Phiên “${other.name}” đang mở; hãy kết thúc phiên đó trước khi mở phiên mới.`, extra: { briefing: other } });
  if (previous && command.cutOff < previous.cutOff) return invalid('cut-off-before-previous', `Mốc chốt ${instantVi(command.cutOff)} trước mốc của phiên trước (“${previous.name}”, ${instantVi(previous.cutOff)}).`, '/cutOff', isoInstant(command.cutOff));
  return done({
    type: 'BriefingOpened',
    data: {
      name, cutOff: isoInstant(command.cutOff), known: command.known, ...(command.unitId === undefined ? {} : { unitId: command.unitId }), ...(presiding === '' ? {} : { presiding }),
      ...(previous ? { previousId: previous.id } : {}), pages: command.agenda === undefined ? USUAL_AGENDA : plainAgenda(command.agenda),
    },
  });
}

function record(command: RecordConclusion, state: Briefing): BriefingDecision {
  const kind = CONCLUSION_KINDS.find((one) => one === command.kind);
  if (kind === undefined) return invalid('kind-unknown', `Không có loại kết luận “${command.kind.slice(0, 80)}”; các loại: ${CONCLUSION_KINDS.join(', ')}.`, '/kind', command.kind);
  const words = wordsTrouble(command);
  if (words) return words;
  const { conclusionId, taskId, unitId, deadline, made } = command;
  if (state.conclusions.some((one) => one.id === conclusionId)) return refuse({ status: 409, code: 'conclusion-exists', detail: 'Kết luận này đã được ghi.' });
  const [short, reason] = [cleanText(command.short ?? ''), cleanText(command.reason ?? '')];
  return done({
    type: 'ConclusionRecorded',
    data: {
      conclusionId, number: state.conclusions.length + 1, kind, text: cleanText(command.text), ...(short === '' ? {} : { short }), ...(reason === '' ? {} : { reason }), ...(taskId === undefined ? {} : { taskId }),
      ...(unitId === undefined ? {} : { unitId }), ...(deadline === undefined ? {} : { deadline }), made,
    },
  });
}

/** Kinds that are words and nothing else; the others are commands on a task. */
export const onlyWords = (kind: ConclusionKind): boolean => kind === 'decision' || kind === 'speed-up';

/** What is wrong with the words of a conclusion, before anything is decided about a task; undefined where nothing is. */
export function wordsTrouble({ text, short = '', reason = '' }: { readonly text: string; readonly short?: string; readonly reason?: string }): BriefingDecision & { readonly ok: false } | undefined {
  const clean = cleanText(text);
  if (clean === '') return invalid('text-missing', 'Kết luận cần nội dung.', '/text', text);
  const long = tooLong(clean, TEXT_LIMIT, 'Kết luận', '/text') ?? tooLong(cleanText(short), SHORT_LIMIT, 'Câu hiện trên màn', '/short') ?? tooLong(cleanText(reason), REASON_LIMIT, 'Lý do', '/reason');
  if (long) return long;
  const marked = ([['/text', clean], ['/short', short], ['/reason', reason]] as const).find(([, words]) => hasSecrecyMark(words));
  return marked ? secret(marked[0]) : undefined;
}

function onConclusion(id: string, state: Briefing, decide: (conclusion: Conclusion) => BriefingDecision): BriefingDecision {
  const conclusion = state.conclusions.find((one) => one.id === id);
  if (!conclusion) return refuse({ status: 404, code: 'conclusion-not-found', detail: `Phiên này không có kết luận mang mã “${id.slice(0, 80)}”.`, extra: { id: id.slice(0, 80) } });
  if (conclusion.struck) return refuse({ status: 409, code: 'conclusion-struck', detail: `Kết luận ${String(conclusion.number)} đã bị bỏ: ${conclusion.struck.reason}` });
  return decide(conclusion);
}

function reasonTrouble(reason: string): (BriefingDecision & { readonly ok: false }) | undefined {
  const clean = cleanText(reason);
  if (clean === '') return invalid('reason-missing', 'Cần nêu lý do (reason).', '/reason', reason);
  return tooLong(clean, REASON_LIMIT, 'Lý do', '/reason') ?? (hasSecrecyMark(clean) ? secret('/reason') : undefined);
}

function tooLong(text: string, limit: number, what: string, pointer: string): (BriefingDecision & { readonly ok: false }) | undefined {
  const length = Array.from(text).length;
  return length > limit ? invalid('too-long', `${what} dài ${String(length)} ký tự; cần tối đa ${String(limit)}.`, pointer, `${text.slice(0, 80)}…`) : undefined;
}

const plainAgenda = (pages: readonly { readonly key: string; readonly minutes: number }[]): readonly AgendaPage[] => pages.map(({ key, minutes }) => ({ key: key as AgendaPage['key'], minutes }));
const done = (event: BriefingEvent): BriefingDecision => ({ ok: true, events: [event] });
const refuse = (rejection: BriefingRejection): BriefingDecision & { readonly ok: false } => ({ ok: false, rejection });
const invalid = (code: string, detail: string, pointer: string, given: unknown): BriefingDecision & { readonly ok: false } => refuse({ status: 422, code, detail, pointer, given });
const secret = (pointer: string): BriefingDecision & { readonly ok: false } => refuse({ status: 422, code: 'secrecy-mark', detail: 'Nội dung có dấu chỉ độ mật; không được nhập vào hệ thống.', pointer });
