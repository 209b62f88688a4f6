'use client';

import { type KeyboardEvent, lazy, Suspense, useId, useRef, useState } from 'react';
import menu from '../shell/menu.module.css';
import styles from './pane-header.module.css';
import type { PaneViewStore } from './pane-view.ts';
import type { PaneChoice } from './workspace-url.ts';

const PaneMenuItems = lazy(() => import('./pane-menu-items.tsx').then((part) => ({ default: part.PaneMenuItems })));
const GAP_PX = 4;

/** Which chart, and what it shows. */
export interface PaneMenuProps {
  readonly index: number;
  readonly choice: PaneChoice;
  /** The pair's name in the API; undefined while it is not known. */
  readonly instrumentId: string | undefined;
  readonly view: PaneViewStore;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
}

/** What else can be done with a chart: its scale, a table of it, a picture, files of what it shows. */
export function PaneMenu(props: PaneMenuProps) {
  const { index } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const place = () => {
    if (!button.current || !list.current?.matches(':popover-open')) return;
    const { right, bottom } = button.current.getBoundingClientRect();
    list.current.style.left = `${Math.max(GAP_PX, right - list.current.offsetWidth)}px`;
    list.current.style.top = `${bottom + GAP_PX}px`;
    list.current.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.more}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={`More of chart ${index + 1}`}
        data-testid={`more-${index}`}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      <div
        ref={list}
        id={id}
        className={menu.list}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={`More of chart ${index + 1}`}
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          setWasOpened(true);
          place();
        }}
        onKeyDown={moveFocus}
      >
        {wasOpened && (
          <Suspense>
            <PaneMenuItems {...props} onReady={place} onClose={() => list.current?.hidePopover()} />
          </Suspense>
        )}
      </div>
    </>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[Math.max(0, Math.min(next, items.length - 1))]?.focus();
}
