'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useServices } from '../services.ts';
import styles from './dialog.module.css';

interface Props {
  readonly title: string;
  readonly testId: string;
  readonly children: ReactNode;
}

/** A dialog over the page. Escape, its cross, and a click beside it close it; the focus goes back to where it was. */
export function DialogFrame({ title, testId, children }: Props) {
  const { workspace } = useServices();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open) return;
    element.showModal();
    // A dialog begins at its first control, which is the cross: what is to be filled in comes before it.
    const first = element.querySelector<HTMLInputElement | HTMLSelectElement>('[data-first]');
    first?.focus();
    if (first instanceof HTMLInputElement) first.setSelectionRange(first.value.length, first.value.length);
  }, []);
  const close = () => workspace.setState({ dialog: undefined });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={id}
      data-testid={testId}
      onClose={close}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className={styles.body}>
        <header className={styles.head}>
          <h2 id={id}>{title}</h2>
          <button type="button" className={styles.close} aria-label="Close" onClick={() => dialog.current?.close()}>
            <span aria-hidden="true">✕</span>
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
