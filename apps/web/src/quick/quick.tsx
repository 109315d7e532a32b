import { lazy, Suspense, useEffect, useState } from 'react';

const Palette = lazy(() => import('./palette.tsx').then(({ Palette: part }) => ({ default: part })));
const Shortcuts = lazy(() => import('./shortcuts.tsx').then(({ Shortcuts: part }) => ({ default: part })));

/** `Ctrl K` goes anywhere, `?` says which keys there are. What they open is fetched when it is first asked for. */
export function Quick() {
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen('palette');
        return;
      }
      const typing = event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog') !== null;
      if (event.key === '?' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        setOpen('shortcuts');
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const close = () => setOpen(null);
  return (
    <Suspense fallback={null}>
      {open === 'palette' ? <Palette close={close} /> : open === 'shortcuts' ? <Shortcuts close={close} /> : null}
    </Suspense>
  );
}
