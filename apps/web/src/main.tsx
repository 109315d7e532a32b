import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, Route, Routes } from 'react-router';
import { ApiError } from './api.ts';
import { AssignPage } from './assign/assign.tsx';
import { ComparePage } from './compare/compare.tsx';
import { Dashboard } from './dashboard/dashboard.tsx';
import { Frame } from './frame.tsx';
import { ListPage, SearchPage } from './list.tsx';
import { Nothing } from './states.tsx';
import './style.css';
import { TaskPage } from './task/task.tsx';
import { applyTheme } from './theme.ts';

// Reading along the log is a trade of its own: whoever opens the dashboard does not wait for it.
const ReplayPage = lazy(() => import('./replay/replay.tsx').then((room) => ({ default: room.ReplayPage })));

applyTheme();

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

const root = document.getElementById('app');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Routes>
            <Route path="/" element={<Dashboard />} />
            <Route path="/danh-sach" element={<ListPage />} />
            <Route path="/viec" element={<SearchPage />} />
            <Route path="/viec/:id" element={<TaskPage />} />
            <Route path="/so-sanh" element={<ComparePage />} />
            <Route path="/giao-viec" element={<AssignPage />} />
            <Route path="/phat-lai" element={<Suspense><ReplayPage /></Suspense>} />
            <Route
              path="*"
              element={
                <Frame title="Không có trang này">
                  <Nothing
                    title="Không có trang này"
                    advice="Đường dẫn có thể đã gõ thiếu. Về bảng điều hành, hoặc tìm việc ở ô phía trên."
                  />
                </Frame>
              }
            />
          </Routes>
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
}
