import { t } from '../i18n.ts';

/** Nothing was ever recorded: what to do first, and not a page of noughts. */
export function EmptySystem() {
  return (
    <div className="state" data-state="empty-system">
      <h1>{t('Hệ thống chưa có dữ liệu')}</h1>
      <p>{t('Chưa ghi đơn vị hay nhiệm vụ nào, nên chưa có số liệu để xem. Bắt đầu bằng một trong hai cách:')}</p>
      <ul className="firststeps">
        <li>
          {t('nhập đơn vị và nhiệm vụ đang có từ một bảng tính:')} <code>npm run -s nhacviec -- import --create-units</code>
        </li>
        <li>
          {t('xem thử với một năm số liệu có sẵn, ở một thư mục riêng:')} <code>npm run demo</code>
        </li>
      </ul>
      <p className="quiet">{t('Ghi xong, trang này tự đổi.')}</p>
    </div>
  );
}
