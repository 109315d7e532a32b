import { Modal } from './modal.tsx';

const KEYS: readonly [string, readonly string[]][] = [
  ['Đi tới trang, việc hoặc đơn vị', ['Ctrl', 'K']],
  ['Tìm việc theo nội dung, mã, số văn bản', ['/']],
  ['Xem các phím', ['?']],
  ['Đóng cái mở sau cùng, rồi bỏ thẻ cuối', ['Esc']],
  ['Ở bàn làm việc: chọn dòng', ['↑', '↓']],
  ['Ở bàn làm việc: mở biểu mẫu của dòng', ['Enter']],
];

export function Shortcuts({ close }: { close: () => void }) {
  return (
    <Modal label="Các phím" className="keysd" close={close}>
      <h2>Các phím</h2>
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
          Đóng
        </button>
      </p>
    </Modal>
  );
}
