import { count, day, local, longDay } from '../format.ts';
import { asRecorded, t } from '../i18n.ts';
import { FORMAT_WORDS, STATUS_WORDS } from '../reports/words.ts';
import { type Format, type ReportStatus } from '../reports/types.ts';
import { type Field } from './differences.ts';

interface BriefingState {
  kind: 'briefing';
  name: string;
  status: 'open' | 'closed';
  unitName: string | null;
  presiding: string | null;
  cutOff: string;
  openedAt: string;
  closedAt: string | null;
  pages: { name: string; minutes: number }[];
  conclusions: {
    id: string;
    number: number;
    kind: string;
    text: string;
    unitName: string | null;
    taskCode: string | null;
    deadlineText: string | null;
    amended: boolean;
    struckReason: string | null;
  }[];
}
interface ReportState {
  kind: 'report';
  status: ReportStatus;
  unitId: string;
  unitName: string;
  periodWords: string;
  from: string;
  to: string;
  asOf: string;
  template: { id: string; version: number };
  fields: { number?: string; date?: string; place?: string; agency?: string; parentAgency?: string; signerTitle?: string; recipients?: string[] };
  /** Letters of what the office wrote. */
  written: number;
  dueOn: string | null;
  draftedAt: string;
  checked: { errors: number; warnings: number; infos: number; at: string } | null;
  issued: { at: string; files: { format: Format; sha256: string }[] } | null;
  superseded: { byReportId: string; reason: string; at: string } | null;
}
export type LifeState = BriefingState | ReportState;

const NONE = t('chưa có');
const when = (instant: string | null): string => (instant === null ? NONE : `${local(instant).time} ${longDay(local(instant).day)}`);
const field = (key: string, label: string, text: string): Field => ({ key, label, text });

/** Everything a meeting or a report is at a point, field by field, in words. */
export const lifeFields = (state: LifeState): Field[] => (state.kind === 'briefing' ? briefingFields(state) : reportFields(state));

/** Where it stands, as a sentence goes on with it. */
export const standingWords = (state: LifeState | null): string =>
  state === null
    ? t('chưa được ghi')
    : state.kind === 'report'
      ? STATUS_WORDS[state.status]
      : state.status === 'open'
        ? t('đang họp, {{n}} kết luận', { n: count(valid(state)) })
        : t('đã kết thúc, {{n}} kết luận', { n: count(valid(state)) });

const valid = ({ conclusions }: BriefingState): number => conclusions.filter(({ struckReason }) => struckReason === null).length;

function briefingFields(state: BriefingState): Field[] {
  return [
    field('status', t('Trạng thái'), state.status === 'open' ? t('đang họp') : t('đã kết thúc')),
    field('valid', t('Kết luận còn giá trị'), count(valid(state))),
    ...state.conclusions.map((one) =>
      field(
        `conclusion-${one.id}`,
        t('Kết luận {{n}}', { n: one.number }),
        [
          ...(one.struckReason === null ? [] : [t('đã bỏ, lý do: {{reason}}', { reason: one.struckReason })]),
          asRecorded(one.kind),
          ...(one.unitName === null ? [] : [one.unitName]),
          ...(one.taskCode === null ? [] : [one.taskCode]),
          one.text,
          ...(one.deadlineText === null ? [] : [one.deadlineText]),
        ].join(' · '),
      ),
    ),
    field('closedAt', t('Kết thúc'), when(state.closedAt)),
    field('pages', t('Chương trình'), state.pages.map(({ name, minutes }) => t('{{page}} {{n}} phút', { page: name, n: count(minutes) })).join('; ')),
    field('minutes', t('Thời lượng dự kiến'), t('{{n}} phút', { n: count(state.pages.reduce((all, { minutes }) => all + minutes, 0)) })),
    field('cutOff', t('Mốc chốt'), when(state.cutOff)),
    field('openedAt', t('Mở lúc'), when(state.openedAt)),
    field('name', t('Tên buổi họp'), state.name),
    field('presiding', t('Chủ trì'), state.presiding ?? NONE),
    field('unit', t('Phạm vi'), state.unitName ?? t('toàn tỉnh')),
  ];
}

function reportFields(state: ReportState): Field[] {
  const { fields, checked, issued, superseded } = state;
  return [
    field('status', t('Trạng thái'), STATUS_WORDS[state.status]),
    field('number', t('Số, ký hiệu'), fields.number ?? NONE),
    field('date', t('Ngày ký'), fields.date ? day(fields.date) : NONE),
    field(
      'checked',
      t('Kiểm tra nhất quán'),
      checked === null
        ? NONE
        : t('{{errors}} lỗi, {{warnings}} cảnh báo, {{infos}} lưu ý, lúc {{at}}', {
            errors: count(checked.errors),
            warnings: count(checked.warnings),
            infos: count(checked.infos),
            at: when(checked.at),
          }),
    ),
    field('issued', t('Ban hành'), when(issued?.at ?? null)),
    ...(issued?.files ?? []).map(({ format, sha256 }) => field(`file-${format}`, t('SHA-256 của tệp {{format}}', { format: FORMAT_WORDS[format] }), sha256)),
    field('superseded', t('Bị thay thế'), superseded === null ? NONE : t('{{at}}, lý do: {{reason}}', { at: when(superseded.at), reason: superseded.reason })),
    field('asOf', t('Số liệu đến hết ngày'), day(state.asOf)),
    field('unit', t('Đơn vị'), state.unitName),
    field('period', t('Kỳ'), t('{{period}}, từ {{from}} đến {{to}}', { period: state.periodWords, from: day(state.from), to: day(state.to) })),
    field('template', t('Mẫu'), t('{{id}}, bản {{n}}', { id: state.template.id, n: count(state.template.version) })),
    field('written', t('Lời văn của đơn vị'), state.written === 0 ? NONE : t('{{n}} ký tự', { n: count(state.written) })),
    field('place', t('Nơi ký'), fields.place ?? NONE),
    field('agency', t('Cơ quan ban hành'), fields.agency ?? NONE),
    field('parentAgency', t('Cơ quan chủ quản'), fields.parentAgency ?? NONE),
    field('signerTitle', t('Chức vụ người ký'), fields.signerTitle ?? NONE),
    field('recipients', t('Nơi nhận'), fields.recipients?.join('; ') ?? NONE),
    field('dueOn', t('Hạn nộp'), state.dueOn === null ? NONE : day(state.dueOn)),
    field('draftedAt', t('Lập dự thảo'), when(state.draftedAt)),
  ];
}
