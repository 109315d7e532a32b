import { t } from '../i18n.ts';
import { Modal } from './modal.tsx';

const KEYS: readonly [string, readonly string[]][] = [
  [t('Đi tới trang, việc hoặc đơn vị'), ['Ctrl', 'K']],
  [t('Tìm việc theo nội dung, mã, số văn bản'), ['/']],
  [t('Xem các phím'), ['?']],
  [t('Đóng cái mở sau cùng, rồi bỏ thẻ cuối'), ['Esc']],
  [t('Ở bàn làm việc: chọn dòng'), ['↑', '↓']],
  [t('Ở bàn làm việc: mở biểu mẫu của dòng'), ['Enter']],
];

export function Shortcuts({ close }: { close: () => void }) {
  return (
    <Modal label={t('Các phím')} className="keysd" close={close}>
      <h2>{t('Các phím')}</h2>
      <dl>
        {KEYS.map(([what, keys]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <button type="button" className="btn" onClick={close}>
          {t('Đóng')}
        </button>
      </p>
    </Modal>
  );
}
