import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { ApiError } from './api.ts';
import { Frame } from './frame.tsx';
import { t } from './i18n.ts';
import { Failure } from './states.tsx';

interface Props {
  /** Another page is another try. */
  path: string;
  /** Where even the frame of a page breaks: nothing but words and the way out. */
  bare?: boolean;
  children: ReactNode;
}

/** React has error boundaries as classes only. */
class Boundary extends Component<Props, { error: Error | null; path: string }> {
  override state: { error: Error | null; path: string } = { error: null, path: this.props.path };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  static getDerivedStateFromProps({ path }: Props, state: { error: Error | null; path: string }): { error: null; path: string } | null {
    return path === state.path ? null : { error: null, path };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (this.props.bare)
      return (
        <main className="wrap state">
          <h1>{t('Trang gặp lỗi')}</h1>
          <p className="acts">
            <a className="btn primary" href="/">
              {t('Về bảng điều hành')}
            </a>
          </p>
        </main>
      );
    // A part of the program that could not be fetched: browsers say it each in their own words.
    const away = /dynamically imported module|Importing a module|error loading/i.test(error.message);
    return (
      <Frame title={t('Trang gặp lỗi')}>
        <Failure
          error={away ? new ApiError(0, { title: t('Mất kết nối'), detail: t('Không tới được máy chủ.') }) : error}
          retry={() => window.location.reload()}
        />
      </Frame>
    );
  }
}

/** Whatever a page breaks on, the reader sees where he is and what to do, and no blank screen. */
export function Broken({ children }: { children: ReactNode }) {
  const path = useLocation().pathname;
  return (
    <Boundary path={path} bare>
      <Boundary path={path}>{children}</Boundary>
    </Boundary>
  );
}
