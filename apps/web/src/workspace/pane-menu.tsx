'use client';

import { type KeyboardEvent, useId, useRef } from 'react';
import menu from '../shell/menu.module.css';
import { exportHref } from './export-href.ts';
import styles from './pane-header.module.css';
import type { PaneViewStore } from './pane-view.ts';
import { saveFile } from './save-file.ts';
import { useServices, useWorkspace } from './services.ts';
import { type PaneChoice, type Scale, withPane } from './workspace-url.ts';

const SCALES: readonly (readonly [Scale, string])[] = [
  ['linear', 'Linear scale'],
  ['log', 'Logarithmic scale'],
  ['percent', 'Percent scale'],
];
const GAP_PX = 4;

interface Props {
  readonly index: number;
  readonly choice: PaneChoice;
  /** The pair's name in the API; undefined while it is not known. */
  readonly instrumentId: string | undefined;
  readonly view: PaneViewStore;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
}

/** What else can be done with a chart: its scale, a table of it, a picture, files of what it shows. */
export function PaneMenu({ index, choice, instrumentId, view, isTable, onTable }: Props) {
  const { workspace, charts } = useServices();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const scale = choice.compare ? 'percent' : (choice.scale ?? 'linear');
  const isMaximised = useWorkspace((state) => state.isMaximised);
  const open = (kind: 'indicators') => workspace.setState({ active: index, dialog: { kind } });
  const act = (action: () => void) => () => {
    list.current?.hidePopover();
    action();
  };
  const place = () => {
    if (!button.current || !list.current) return;
    const { right, bottom } = button.current.getBoundingClientRect();
    list.current.style.left = `${Math.max(GAP_PX, right - list.current.offsetWidth)}px`;
    list.current.style.top = `${bottom + GAP_PX}px`;
    list.current.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
  };
  const savePicture = () => {
    const name = `${choice.symbol}-${choice.interval}.png`;
    charts
      .chartOf(index)
      ?.takePicture()
      .toBlob((blob) => blob && saveFile(name, blob), 'image/png');
  };
  const follow = (format: 'csv' | 'parquet') => {
    if (instrumentId) location.assign(exportHref(format, instrumentId, choice.interval, view.getState().span));
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
        onToggle={(event) => event.newState === 'open' && place()}
        onKeyDown={moveFocus}
      >
        {SCALES.map(([key, label]) => (
          <button
            key={key}
            type="button"
            role="menuitemradio"
            aria-checked={scale === key}
            disabled={choice.compare !== undefined && key !== 'percent'}
            className={menu.item}
            data-testid={`scale-${key}-${index}`}
            onClick={act(() => workspace.setState((state) => withPane(state, index, { scale: key })))}
          >
            <span aria-hidden="true">{scale === key ? '●' : '○'}</span> {label}
          </button>
        ))}
        <button type="button" role="menuitem" className={menu.item} onClick={act(() => open('indicators'))}>
          Indicators…
        </button>
        {choice.compare ? (
          <button
            type="button"
            role="menuitem"
            className={menu.item}
            onClick={act(() => workspace.setState((state) => withPane(state, index, { compare: undefined })))}
          >
            No longer compare with {choice.compare}
          </button>
        ) : (
          <button
            type="button"
            role="menuitem"
            className={menu.item}
            onClick={act(() => workspace.setState({ active: index, dialog: { kind: 'search', text: '', purpose: 'compare' } }))}
          >
            Compare with…
          </button>
        )}
        <button
          type="button"
          role="menuitemcheckbox"
          aria-checked={isTable}
          className={menu.item}
          data-testid={`table-${index}`}
          onClick={act(() => onTable(!isTable))}
        >
          {isTable ? 'Show the chart' : 'Show as a table'}
        </button>
        <button type="button" role="menuitem" className={menu.item} data-testid={`picture-${index}`} onClick={act(savePicture)}>
          Save a picture (PNG)
        </button>
        <button type="button" role="menuitem" className={menu.item} data-testid={`csv-${index}`} onClick={act(() => follow('csv'))}>
          Save what is shown (CSV)
        </button>
        <button type="button" role="menuitem" className={menu.item} data-testid={`parquet-${index}`} onClick={act(() => follow('parquet'))}>
          Save what is shown (Parquet)
        </button>
        <button
          type="button"
          role="menuitem"
          className={menu.item}
          onClick={act(() => workspace.setState({ active: index, isMaximised: !isMaximised }))}
        >
          {isMaximised ? 'Back to the grid (Esc)' : 'Maximise (Alt+Enter)'}
        </button>
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
