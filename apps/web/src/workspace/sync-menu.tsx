'use client';

import { lazy, Suspense, useId, useRef, useState } from 'react';
import menu from '../shell/menu.module.css';
import { useWorkspace } from './services.ts';
import { SYNC_KINDS } from './sync-switches.ts';
import styles from './workspace-bar.module.css';

const SyncSwitchList = lazy(() => import('./sync-switch-list.tsx').then((part) => ({ default: part.SyncSwitchList })));
const GAP_PX = 4;

/** The five switches of what charts have in common. What is switched on is at once as in the active chart. */
export function SyncMenu() {
  const id = useId();
  const sync = useWorkspace((state) => state.sync);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const place = () => {
    if (!button.current || !list.current) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    const room = document.documentElement.clientWidth - list.current.offsetWidth - GAP_PX;
    list.current.style.left = `${Math.max(GAP_PX, Math.min(left, room))}px`;
    list.current.style.top = `${bottom + GAP_PX}px`;
  };
  const count = SYNC_KINDS.filter((kind) => sync[kind]).length;
  return (
    <>
      <button ref={button} type="button" className={styles.item} popoverTarget={id} data-testid="sync-menu">
        Sync <small>{count}</small>
      </button>
      <div
        ref={list}
        id={id}
        className={menu.list}
        popover="auto"
        role="dialog"
        aria-label="What charts have in common"
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          setWasOpened(true);
          place();
        }}
      >
        {wasOpened && (
          <Suspense>
            <SyncSwitchList onReady={place} />
          </Suspense>
        )}
      </div>
    </>
  );
}
