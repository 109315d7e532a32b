/** The columns of a task list, as its header names them. */
export const COLUMNS = {
  label: 'STT',
  number: 'Số, ký hiệu văn bản',
  documentDate: 'Ngày văn bản',
  issuer: 'Cơ quan ban hành',
  signer: 'Người ký (chức vụ)',
  content: 'Trích yếu/Nội dung nhiệm vụ',
  product: 'Sản phẩm',
  lead: 'Cơ quan chủ trì',
  coordinators: 'Cơ quan phối hợp',
  assignedOn: 'Ngày giao',
  phrase: 'Thời hạn (nguyên văn)',
  due: 'Hạn xử lý',
  extendedTo: 'Gia hạn đến',
  completedOn: 'Ngày hoàn thành',
  result: 'Văn bản kết quả',
  status: 'Trạng thái ghi',
  note: 'Ghi chú',
  effective: 'Hạn hiệu lực',
  dueTime: 'Giờ hạn',
  completedTime: 'Giờ hoàn thành',
  confirmedOn: 'Ngày xác nhận',
  title: 'Trích yếu văn bản',
  urgency: 'Độ khẩn',
  authority: 'Cơ quan giao',
  field: 'Lĩnh vực',
  starred: 'Trọng tâm',
  weight: 'Trọng số',
  routine: 'Thường xuyên',
  itemId: 'Mã mục',
  parent: 'Việc cha',
  code: 'Mã việc',
  taskId: 'Mã định danh',
  seal: 'Dấu kiểm',
} as const;

export type Column = keyof typeof COLUMNS;
export const COLUMN_KEYS = Object.keys(COLUMNS) as Column[];

/** What lists that this program writes add to the twenty columns of a clerk's list, so that nothing of a task is lost on the way. */
export const OURS = ['confirmedOn', 'title', 'urgency', 'authority', 'field', 'starred', 'weight', 'routine', 'itemId', 'parent', 'code', 'taskId', 'seal'] as const satisfies readonly Column[];
/** Columns a file may lack: the first is computed anyway, the hours are there for hour limits only, the rest only lists of this program have. */
export const OPTIONAL: ReadonlySet<Column> = new Set<Column>(['effective', 'dueTime', 'completedTime', ...OURS]);
/** What no list can do without, however its columns are called; of the deadline one of the two columns. */
export const NEEDED = ['number', 'documentDate', 'issuer', 'content', 'lead', 'assignedOn'] as const satisfies readonly Column[];

export const DATE_COLUMNS = ['documentDate', 'assignedOn', 'due', 'extendedTo', 'completedOn', 'effective', 'confirmedOn'] as const satisfies readonly Column[];
export const TIME_COLUMNS = ['dueTime', 'completedTime'] as const satisfies readonly Column[];
