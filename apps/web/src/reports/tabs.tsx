import { NavLink } from 'react-router';
import { t } from '../i18n.ts';

/** The pages of the reports room, from one to the other. */
export function Tabs() {
  return (
    <nav className="rptabs" aria-label={t('Các trang báo cáo')}>
      <NavLink to="/bao-cao" end>
        {t('Báo cáo')}
      </NavLink>
      <NavLink to="/bao-cao/ke-hoach">{t('Kế hoạch')}</NavLink>
      <NavLink to="/bao-cao/chi-so">{t('Chỉ tiêu, chỉ số')}</NavLink>
      <NavLink to="/bao-cao/phai-nop">{t('Báo cáo phải nộp')}</NavLink>
      <NavLink to="/bao-cao/van-ban">{t('Văn bản, bảng biểu')}</NavLink>
    </nav>
  );
}
