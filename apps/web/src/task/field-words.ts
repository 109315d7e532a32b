import { t } from '../i18n.ts';
/** Fields of an assignment as people call them. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  content: t('Nội dung'),
  product: t('Sản phẩm'),
  authority: t('Cơ quan giao'),
  leadUnitId: t('Cơ quan chủ trì'),
  coordinatingUnitIds: t('Cơ quan phối hợp'),
  assignedOn: t('Ngày giao'),
  deadline: t('Thời hạn'),
  document: t('Văn bản'),
  field: t('Lĩnh vực'),
  starred: t('Việc trọng tâm'),
  routine: t('Công việc thường xuyên'),
  weight: t('Trọng số'),
  itemId: t('Mục trong văn bản'),
  parentTaskId: t('Việc cha'),
};
