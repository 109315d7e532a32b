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
} as const;

export type Column = keyof typeof COLUMNS;
export const COLUMN_KEYS = Object.keys(COLUMNS) as Column[];

/** Columns a file may lack: the first is computed anyway, the hours are there for hour limits only. */
export const OPTIONAL: ReadonlySet<Column> = new Set<Column>(['effective', 'dueTime', 'completedTime']);
