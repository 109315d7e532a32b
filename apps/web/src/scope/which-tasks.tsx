import { whatWords } from '../dashboard/what-words.ts';
import { t } from '../i18n.ts';
import { blockWord } from './blocks.ts';
import { useMine } from './mine.ts';
import { onlyOf, type Scope } from './scope.ts';

/** Terms of a definition list: what a block, what one is in charge of, and a number that was clicked have left in. */
export function WhichTasks({ scope }: { scope: Scope }) {
  const mine = useMine(scope);
  const only = onlyOf(scope);
  return (
    <>
      {scope.unitKind ? (
        <>
          <dt>{t('Khối')}</dt>
          <dd>{t('{{block}}: đơn vị chủ trì thuộc loại {{kinds}} trong danh mục', { block: blockWord(scope.unitKind), kinds: scope.unitKind.split(',').join(', ') })}</dd>
        </>
      ) : null}
      {mine ? (
        <>
          <dt>{t('Tôi phụ trách')}</dt>
          <dd>{mine.be === undefined ? t('{{what}}, theo vai đang thao tác', { what: mine.words }) : t('{{what}}: lãnh đạo phụ trách những việc mình giao', { what: mine.words })}</dd>
        </>
      ) : null}
      {only.length > 0 ? (
        <>
          <dt>{t('Chỉ xem')}</dt>
          <dd>
            {t('{{what}}; xét tại đúng thời điểm đang xem, mốc so xét tại mốc ấy. Tỷ lệ và các tuần là của cả phạm vi.', {
              what: only.map((one) => whatWords(one, null).name).join('; '),
            })}
          </dd>
        </>
      ) : null}
    </>
  );
}
