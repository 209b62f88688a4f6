'use client';

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import styles from './menu.module.css';

/** One choice of a menu: a link, so that it also works in a new tab and without JavaScript. */
export interface MenuItem {
  readonly key: string;
  readonly href: string;
  readonly label: ReactNode;
  readonly isCurrent: boolean;
}

interface Props {
  readonly label: string;
  readonly className: string | undefined;
  readonly children: ReactNode;
  readonly items: readonly MenuItem[];
  readonly columns?: number;
  readonly testId: string;
  readonly onChoose: (key: string) => void;
}

const GAP_PX = 4;

/** A button with a menu over the page. Arrows, Home, End and Escape work as in any menu. */
export function Menu({ label, className, children, items, columns = 1, testId, onChoose }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);

  function place(): void {
    if (!button.current || !list.current) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    const room = document.documentElement.clientWidth - list.current.offsetWidth - GAP_PX;
    list.current.style.left = `${Math.max(GAP_PX, Math.min(left, room))}px`;
    list.current.style.top = `${bottom + GAP_PX}px`;
    list.current.querySelector<HTMLElement>('[aria-current], a')?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        data-testid={testId}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        className={styles.list}
        data-columns={columns}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={(event) => {
          setIsOpen(event.newState === 'open');
          if (event.newState === 'open') place();
        }}
        onKeyDown={(event) => moveFocus(event, columns)}
      >
        {items.map((item) => (
          <a
            key={item.key}
            className={styles.item}
            href={item.href}
            role="menuitem"
            tabIndex={-1}
            aria-current={item.isCurrent ? 'true' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              list.current?.hidePopover();
              button.current?.focus();
              onChoose(item.key);
            }}
          >
            {item.label}
          </a>
        ))}
      </div>
    </>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>, columns: number): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
}
