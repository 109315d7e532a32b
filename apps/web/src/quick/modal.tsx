import { useEffect, useRef, type ReactNode } from 'react';
import { useEscape } from '../escape.ts';

/** The browser's own modal dialog: it keeps the focus inside, closes on Esc and gives the focus back to where it was. */
export function Modal({ label, className, close, children }: { label: string; className: string; close: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const latest = useRef(close);
  latest.current = close;
  // Esc belongs to the dialog, also where a form is open under it.
  useEscape(true, close);
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      // Where the page has gone on meanwhile, its own focus stands.
      if (
        before instanceof HTMLElement &&
        before.isConnected &&
        (document.activeElement === document.body || document.activeElement === null)
      )
        before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`modal ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        latest.current();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) latest.current();
      }}
    >
      {children}
    </dialog>
  );
}
