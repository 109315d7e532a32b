import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense, useEffect, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, Route, Routes, useNavigate } from 'react-router';
import { ApiError } from './api.ts';
import { Broken } from './broken.tsx';
import { Dashboard } from './dashboard/dashboard.tsx';
import { Frame } from './frame.tsx';
import { t } from './i18n.ts';
import { Nothing } from './states.tsx';

/** Behind the first page: fetched when somebody goes there, or as soon as the first page has nothing else to do, so that they open without the server too. */
const FETCHED: (() => Promise<unknown>)[] = [];
function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  FETCHED.push(load);
  return lazy(() => load().then((page) => ({ default: page })));
}
const TaskPage = later(() => import('./task/task.tsx').then(({ TaskPage: page }) => page));
const ListPage = later(() => import('./list.tsx').then(({ ListPage: page }) => page));
const AssignPage = later(() => import('./assign/assign.tsx').then(({ AssignPage: page }) => page));
const ComparePage = later(() => import('./compare/compare.tsx').then(({ ComparePage: page }) => page));
const ConsolePage = later(() => import('./briefing/console.tsx').then(({ ConsolePage: page }) => page));
const CoursePage = later(() => import('./briefing/course.tsx').then(({ CoursePage: page }) => page));
const DeskPage = later(() => import('./desk/desk.tsx').then(({ DeskPage: page }) => page));
const DocumentPage = later(() => import('./document/document.tsx').then(({ DocumentPage: page }) => page));
const ImportsPage = later(() => import('./imports/imports.tsx').then(({ ImportsPage: page }) => page));
const MeetingsPage = later(() => import('./briefing/meetings.tsx').then(({ MeetingsPage: page }) => page));
const HealthPage = later(() => import('./reminders/health.tsx').then(({ HealthPage: page }) => page));
const InboxPage = later(() => import('./reminders/inbox.tsx').then(({ InboxPage: page }) => page));
const LedgerPage = later(() => import('./reminders/ledger.tsx').then(({ LedgerPage: page }) => page));
const PeoplePage = later(() => import('./reminders/people.tsx').then(({ PeoplePage: page }) => page));
const RulesPage = later(() => import('./reminders/rules.tsx').then(({ RulesPage: page }) => page));
const SubscriptionsPage = later(() => import('./reminders/subscriptions.tsx').then(({ SubscriptionsPage: page }) => page));
const WorklistPage = later(() => import('./worklist/worklist.tsx').then(({ WorklistPage: page }) => page));
const WhatListPage = later(() => import('./dashboard/what-list.tsx').then(({ WhatListPage: page }) => page));
const ReplayPage = later(() => import('./replay/replay.tsx').then(({ ReplayPage: page }) => page));
const ReportsPage = later(() => import('./reports/reports.tsx').then(({ ReportsPage: page }) => page));
const ReportPage = later(() => import('./reports/report.tsx').then(({ ReportPage: page }) => page));
const PlansPage = later(() => import('./reports/plans.tsx').then(({ PlansPage: page }) => page));
const IndicatorsPage = later(() => import('./reports/indicators.tsx').then(({ IndicatorsPage: page }) => page));
const DutiesPage = later(() => import('./reports/duties.tsx').then(({ DutiesPage: page }) => page));
const OutputsPage = later(() => import('./reports/outputs.tsx').then(({ OutputsPage: page }) => page));
const ScreenPage = later(() => import('./briefing/screen.tsx').then(({ ScreenPage: page }) => page));

async function fetchTheRest(): Promise<void> {
  for (const load of FETCHED) await load().catch(() => undefined);
  document.documentElement.dataset.pages = 'yes';
}
setTimeout(() => void fetchTheRest(), 1_500);

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      networkMode: 'always',
      // A refusal stays a refusal; a lost connection or a busy server is worth another try.
      retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status === 503),
      retryDelay: 600,
    },
  },
});

/**
 * Goes to where a plain link leads without loading the page anew. A page has a thousand numbers that are links: a `Link` each would listen to the
 * address, and be drawn again whenever it changes.
 */
function InPlace(): null {
  const navigate = useNavigate();
  useEffect(() => {
    const click = (event: MouseEvent): void => {
      if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const to = event.target instanceof Element ? event.target.closest('a[data-in-place]')?.getAttribute('href') : null;
      if (!to) return;
      event.preventDefault();
      void navigate(to);
    };
    document.addEventListener('click', click);
    return () => document.removeEventListener('click', click);
  }, [navigate]);
  return null;
}

export function drawPage(root: HTMLElement): void {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <InPlace />
          <Broken>
            <Suspense fallback={<p className="wrap">{t('Đang mở trang…')}</p>}>
              <Routes>
                <Route path="/" element={<Dashboard />} />
                <Route path="/bang-dieu-hanh/danh-sach" element={<WhatListPage />} />
                <Route path="/danh-sach" element={<ListPage />} />
                <Route path="/viec" element={<WorklistPage />} />
                <Route path="/viec/:id" element={<TaskPage />} />
                <Route path="/ban-lam-viec" element={<DeskPage />} />
                <Route path="/van-ban/:id" element={<DocumentPage />} />
                <Route path="/so-sanh" element={<ComparePage />} />
                <Route path="/phat-lai" element={<ReplayPage />} />
                <Route path="/giao-ban" element={<MeetingsPage />} />
                <Route path="/giao-ban/:id" element={<ConsolePage />} />
                <Route path="/giao-ban/:id/dien-bien" element={<CoursePage />} />
                <Route path="/bao-cao" element={<ReportsPage />} />
                <Route path="/bao-cao/ke-hoach" element={<PlansPage />} />
                <Route path="/bao-cao/chi-so" element={<IndicatorsPage />} />
                <Route path="/bao-cao/phai-nop" element={<DutiesPage />} />
                <Route path="/bao-cao/van-ban" element={<OutputsPage />} />
                <Route path="/bao-cao/:id" element={<ReportPage />} />
                <Route path="/man-hinh" element={<ScreenPage />} />
                <Route path="/hop-nhac" element={<InboxPage />} />
                <Route path="/nhac/so" element={<LedgerPage />} />
                <Route path="/nhac/quy-tac" element={<RulesPage />} />
                <Route path="/nhac/gui" element={<HealthPage />} />
                <Route path="/nhac/dinh-ky" element={<SubscriptionsPage />} />
                <Route path="/nhac/danh-ba" element={<PeoplePage />} />
                <Route path="/giao-viec" element={<AssignPage />} />
                <Route path="/nhap" element={<ImportsPage />} />
                <Route path="/nhap/:id" element={<ImportsPage />} />
                <Route
                  path="*"
                  element={
                    <Frame title={t('Không có trang này')}>
                      <Nothing
                        title={t('Không có trang này')}
                        advice={t('Đường dẫn có thể đã gõ thiếu. Về bảng điều hành, hoặc tìm việc ở ô phía trên.')}
                      />
                    </Frame>
                  }
                />
              </Routes>
            </Suspense>
          </Broken>
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
}
