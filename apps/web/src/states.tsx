import { type ReactNode } from 'react';
import { ApiError } from './api.ts';
import { t } from './i18n.ts';
import { saidIn } from './said.tsx';

export function Loading({ what }: { what: string }) {
  return (
    <div className="state" role="status">
      <p>{t('Đang tải {{what}}…', { what })}</p>
      <div className="ghost wide" />
      <div className="ghost" />
      <div className="ghost bar" />
    </div>
  );
}

/** `under`: below a heading of the page, which then has but one of the first rank. */
export function Nothing({ title, advice, under = false, children }: { title: string; advice: string; under?: boolean; children?: ReactNode }) {
  const Title = under ? 'h2' : 'h1';
  return (
    <div className="state">
      <Title>{title}</Title>
      <p>{advice}</p>
      {children}
    </div>
  );
}

function advice(error: ApiError): string {
  if (error.status === 0) return t('Kiểm tra mạng và xem máy chủ có đang chạy không, rồi thử lại.');
  if (error.status === 404) return t('Có thể đường dẫn đã cũ, hoặc vào thời điểm đang xem thì việc chưa được ghi. Thử xem ở hiện tại.');
  if (error.status === 422) return t('Sửa ngày, đơn vị hoặc kỳ ở hàng chọn phía trên; ngày xem phải nằm trong kỳ.');
  if (error.status === 400) return t('Đường dẫn có phần máy chủ không hiểu. Bỏ các lựa chọn để xem lại từ đầu.');
  if (error.status === 401 || error.status === 403) return t('Vai của anh chị không xem được phần này. Liên hệ quản trị nếu cần.');
  if (error.status === 503) return t('Máy chủ đang cập nhật số liệu. Chờ vài giây rồi thử lại.');
  return t('Thử lại; nếu vẫn lỗi, báo quản trị kèm giờ và đường dẫn của trang này.');
}

export function Failure({ error, retry, children }: { error: Error; retry: () => void; children?: ReactNode }) {
  const known = error instanceof ApiError ? error : new ApiError(-1, { title: t('Trang gặp lỗi'), detail: error.message });
  return (
    <div className="state" role="alert">
      <h1 lang={known.problem.title && known.status > 0 ? saidIn() : undefined}>{known.problem.title ?? t('Không lấy được số liệu')}</h1>
      <p lang={known.problem.detail && known.status > 0 ? saidIn() : undefined}>
        {known.problem.detail ?? t('Máy chủ không nói rõ lý do.')}
      </p>
      {(known.problem.errors ?? []).map((part, at) => (
        <p key={at} lang={saidIn()}>
          {part.detail ?? part.code}
        </p>
      ))}
      <p className="quiet">{advice(known)}</p>
      <p className="acts">
        {known.status < 400 || known.status >= 500 ? (
          <button className="btn primary" type="button" onClick={retry}>
            {t('Thử lại')}
          </button>
        ) : null}
        {children}
      </p>
    </div>
  );
}
