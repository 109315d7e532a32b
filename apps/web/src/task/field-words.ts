/** Fields of an assignment as people call them. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  content: 'Nội dung',
  product: 'Sản phẩm',
  authority: 'Cơ quan giao',
  leadUnitId: 'Cơ quan chủ trì',
  coordinatingUnitIds: 'Cơ quan phối hợp',
  assignedOn: 'Ngày giao',
  deadline: 'Thời hạn',
  document: 'Văn bản',
  field: 'Lĩnh vực',
  starred: 'Việc trọng tâm',
  routine: 'Công việc thường xuyên',
  weight: 'Trọng số',
  itemId: 'Mục trong văn bản',
  parentTaskId: 'Việc cha',
};
