import type { FactTime, TaskCommand, TaskCommandType } from './commands.ts';
import { after, assign, at, codeOf, due, give, none, on, WAYS } from './builders.features.ts';
import { EVENT_OF } from './decide.ts';
import { WORK_VI } from './moves.ts';
import { WORKS, type Work } from './state.ts';
import { EVENT_NAMES_VI } from './words.ts';

/* docs/states.md, made of what the decider answers: a state on one side, a command on the other. */

export const STATES = ['none', ...WORKS] as const;
export const COMMANDS = ['AssignTask', ...Object.keys(EVENT_OF)] as readonly Exclude<TaskCommandType, 'RecordOverdue'>[];

const STATE_VI: Readonly<Record<(typeof STATES)[number], string>> = { none: 'chưa có việc', ...WORK_VI };
const eventOf = (command: TaskCommandType): keyof typeof EVENT_NAMES_VI => (command === 'AssignTask' ? 'TaskAssigned' : command === 'RecordOverdue' ? 'TaskBecameOverdue' : EVENT_OF[command]);
const nameOf = (command: TaskCommandType): string => EVENT_NAMES_VI[eventOf(command)];

/** What the decider says of a command in a state where nothing else stands in its way: undefined when it is accepted. */
export function answerIn(state: 'none' | Work, command: TaskCommandType): string | undefined {
  // What a command answers, or takes back, is given before it; where the state refuses that, nothing comes of it.
  const before: Partial<Record<TaskCommandType, TaskCommand[]>> = {
    RefuseExtension: [give('RequestExtension')], RefuseReturn: [give('ProposeReturn')], AcceptReturn: [give('ProposeReturn')], GiveExplanation: [give('RequestExplanation')], AnnulFact: state === 'open' ? [give('ReceiveTask')] : [],
  };
  const way = [...(command === 'SetDeadline' && state === 'open' ? [assign({ deadline: none })] : WAYS[state]), ...(before[command] ?? [])];
  const last = after(...way).facts.length - 1;
  return codeOf(after(...way, command === 'AnnulFact' ? give(command, '2020-11-30', { eventId: `e${last}` }) : give(command)).last);
}

/** Refusals that hang on more than the state: how it stands, what is given, and when. */
const CONDITIONS: readonly (readonly [command: TaskCommand, when: string, way: readonly TaskCommand[]])[] = [
  [assign(), 'mã việc đã dùng cho một việc khác', [assign()]],
  [give('ReceiveTask', '2020-11-23'), 'cơ quan đang chủ trì đã tiếp nhận', [assign(), give('ReceiveTask')]],
  [give('RequestExtension'), 'đã có đề nghị chưa được quyết định', [assign(), give('RequestExtension')]],
  [give('RequestExtension'), 'việc không có thời hạn', [assign({ deadline: none })]],
  [give('RequestExtension', '2020-11-20', { deadline: none }), 'không nêu ngày', [assign()]],
  [give('RequestExtension', '2020-11-20', { deadline: due('2020-11-27') }), 'ngày đề nghị không muộn hơn thời hạn đang có hiệu lực', [assign()]],
  [give('GrantExtension'), 'việc không có thời hạn', [assign({ deadline: none })]],
  [give('GrantExtension', '2020-11-20', { deadline: none }), 'không nêu ngày', [assign()]],
  [give('GrantExtension', '2020-11-20', { deadline: due('2020-11-26') }), 'ngày mới không muộn hơn thời hạn đang có hiệu lực', [assign()]],
  [give('RefuseExtension'), 'không có đề nghị nào đang chờ', [assign()]],
  [give('SetDeadline'), 'việc đã có thời hạn', [assign()]],
  [give('SetDeadline', '2020-11-20', { deadline: none }), 'không nêu ngày', [assign({ deadline: none })]],
  [give('RecomputeDeadline'), 'việc không có thời hạn', [assign({ deadline: none })]],
  [give('RecomputeDeadline', '2020-11-20', { deadline: due('2020-11-27') }), 'tính lại vẫn ra thời hạn cũ', [assign()]],
  [give('ProposeReturn'), 'đã có đề nghị chưa được quyết định', [assign(), give('ProposeReturn')]],
  [give('ProposeReturn'), 'cơ quan đang chủ trì đã cập nhật tiến độ', [assign(), give('ReportProgress')]],
  [give('RefuseReturn'), 'không có đề nghị nào đang chờ', [assign()]],
  [give('AcceptReturn'), 'không có đề nghị nào đang chờ', [assign()]],
  [give('TransferTask', '2020-11-20', { toUnitId: 'so-y-te' }), 'cơ quan nhận đang chủ trì', [assign()]],
  [give('ResumeTask', '2020-11-20', { deadline: none }), 'việc có thời hạn mà không nêu ngày', WAYS.suspended],
  [give('UrgeTask', at('2020-11-20', 13)), 'đã đôn đốc cách đó chưa đủ 04 giờ', [assign(), give('UrgeTask', at('2020-11-20', 10))]],
  [give('RequestExplanation'), 'đã có yêu cầu chưa được trả lời', [assign(), give('RequestExplanation')]],
  [give('GiveExplanation'), 'không có yêu cầu nào đang chờ', [assign()]],
  [give('AnswerCoordination', '2020-11-20', { unitId: 'so-noi-vu' }), 'đơn vị không phối hợp việc này', [assign()]],
  [give('AnswerCoordination'), 'đơn vị đã trả lời', [assign(), give('AnswerCoordination')]],
  [give('CorrectTask', '2020-11-30', { changes: { content: 'Báo cáo' } }), 'không trường nào khác đi', [assign()]],
  [give('CorrectTask', '2020-11-30', { changes: { assignedOn: '2020-12-01' } }), 'ngày giao mới sau hôm nay', [assign()]],
  [give('CorrectTask', '2020-11-30', { changes: { assignedOn: '2020-11-23' } }), 'sửa xong thì một sự kiện về sau không còn hợp lệ', WAYS.submitted],
  [give('AnnulFact', '2020-11-30', { eventId: 'e0' }), 'sự kiện là việc giao (hãy hủy do nhập sai)', [assign()]],
  [give('AnnulFact', '2020-11-30', { eventId: 'e9' }), 'việc không có sự kiện ấy', [assign()]],
  [give('AnnulFact', '2020-11-30', { eventId: 'e1' }), 'sự kiện đã được hủy ghi nhận', [...WAYS.submitted, give('AnnulFact', '2020-11-30', { eventId: 'e1' })]],
  [give('AnnulFact', '2020-11-30', { eventId: 'e1' }), 'bỏ đi thì một sự kiện về sau không còn hợp lệ (bỏ báo cáo hoàn thành đã được xác nhận)', WAYS.done],
  [give('AnnulFact', '2020-11-30', { eventId: 'e0' }), 'việc đã hủy do nhập sai mà sự kiện không phải chính việc hủy đó', WAYS.voided],
];

/** Refusals that any command may meet, tried on one of them. */
const ANY: readonly (readonly [command: TaskCommand, when: string])[] = [
  [give('SubmitCompletion', '2020-12-01'), 'thời điểm nêu ra còn ở phía trước'],
  [give('SubmitCompletion', { ...on('2020-11-20'), backdateReason: '' }), 'ngày nêu ra trước hôm nay mà không có lý do ghi muộn (giao việc: trước quá hai ngày làm việc)'],
  [give('SubmitCompletion', '2020-11-15'), 'sự kiện quyết định ô (★) trước sự kiện ★ cuối cùng của việc'],
  [give('ReportProgress', '2020-11-15'), 'sự kiện khác trước khi giao việc'],
  [give('ReportProgress', '2020-11-20', { text: 'công văn (Mật)' }), 'một chỗ chữ bất kỳ có dấu chỉ độ mật; không giữ lại gì'],
];

function needed(code: string | undefined, of: string): string {
  if (code === undefined) throw new Error(`state table: the decider accepts "${of}", which is listed as refused`);
  return code;
}

/** The page, as Markdown. */
export function stateTable(): string {
  const code = (text: string): string => `\`${text}\``;
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cell = (state: (typeof STATES)[number], command: TaskCommandType): string => {
    const answer = answerIn(state, command);
    return answer === undefined ? '✓' : answer === `not-allowed-when-${state}` ? '–' : code(answer);
  };
  const accepted = (state: (typeof STATES)[number]): string => COMMANDS.filter((command) => answerIn(state, command) === undefined).map((command) => `${nameOf(command)} ${code(command)}`).join(' · ');
  const here: FactTime = on('2020-11-20');
  return [
    '# Trạng thái và lệnh',
    '',
    '*(English below.)*',
    '',
    'Trang này do chính chương trình làm ra từ bộ quyết định (`libs/tasks/src/decide.ts`) và được kiểm lại mỗi lần chạy thử; đừng sửa tay. Làm lại: chạy bài thử `state-table` với `NHACVIEC_WRITE_DOCS=1`.',
    '',
    'Mỗi việc luôn ở đúng một trạng thái, và chỉ sự kiện mới đổi được trạng thái. Quá hạn hay còn hạn không phải trạng thái: điều đó suy ra từ thời hạn và thời điểm xem.',
    '',
    '## Các trạng thái và lệnh được nhận',
    '',
    row(['Trạng thái', 'Mã', 'Lệnh được nhận']),
    row(['---', '---', '---']),
    ...STATES.map((state) => row([STATE_VI[state], code(state), accepted(state)])),
    '',
    '## Mọi lệnh ở mọi trạng thái',
    '',
    '✓ được nhận (khi không có gì khác ngăn lại, xem bảng sau) · – bị từ chối với mã `not-allowed-when-<trạng thái>` · chỗ khác ghi chính mã từ chối. Mọi lời từ chối ở đây là HTTP 409 và nêu sự kiện ngăn lại (khi chưa có việc thì không có sự kiện nào để nêu).',
    '',
    row(['Lệnh', 'Mã lệnh', 'Sự kiện', ...STATES.map((state) => code(state))]),
    row(['---', '---', '---', ...STATES.map(() => ':-:')]),
    ...COMMANDS.map((command) => row([nameOf(command), code(command), code(eventOf(command)), ...STATES.map((state) => cell(state, command))])),
    '',
    'Việc đã hủy do nhập sai (`voided`) chỉ nhận hủy ghi nhận chính việc hủy đó. Từ các trạng thái ra ngoài (thu hồi, hủy, trả lại, trùng) chỉ sửa sổ được: đính chính, hủy ghi nhận, hủy do nhập sai. Quá hạn (`TaskBecameOverdue`) do chương trình tự ghi một lần khi thời hạn của việc đang thực hiện đã qua.',
    '',
    '## Từ chối tùy hoàn cảnh',
    '',
    row(['Lệnh', 'Mã lệnh', 'Mã từ chối', 'HTTP', 'Khi']),
    row(['---', '---', '---', '---', '---']),
    ...CONDITIONS.map(([command, when, way]) => {
      const { last } = after(...way, command);
      return row([nameOf(command.type), code(command.type), code(needed(codeOf(last), `${command.type}: ${when}`)), last.ok ? '' : String(last.rejection.status), when]);
    }),
    ...ANY.map(([command, when]) => {
      const { last } = after(assign(), command);
      return row(['mọi lệnh', '', code(needed(codeOf(last), when)), last.ok ? '' : String(last.rejection.status), when]);
    }),
    row(['mọi lệnh khác giao việc', '', code(needed(codeOf(after({ type: 'ReceiveTask', ...here }).last), 'no task')), '409', 'chưa có việc']),
    '',
    '---',
    '',
    '# States and commands',
    '',
    'This page is made from the decider and compared with it by a unit test; do not edit it by hand. The first table lists what each state accepts, the second every command in every state (✓ accepted where nothing else is in the way, – refused with `not-allowed-when-<state>`, else the code), the third the refusals that hang on more than the state.',
    '',
  ].join('\n');
}
