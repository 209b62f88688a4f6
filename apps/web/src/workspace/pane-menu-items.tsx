import { useLayoutEffect } from 'react';
import menu from '../shell/menu.module.css';
import { exportHref } from './export-href.ts';
import type { PaneMenuProps } from './pane-menu.tsx';
import { saveFile } from './save-file.ts';
import { useServices, useWorkspace } from './services.ts';
import { type Scale, withPane } from './workspace-url.ts';

const SCALES: readonly (readonly [Scale, string])[] = [
  ['linear', 'Linear scale'],
  ['log', 'Logarithmic scale'],
  ['percent', 'Percent scale'],
];

interface Props extends PaneMenuProps {
  /** Called when the items are there, and the menu has its size. */
  readonly onReady: () => void;
  readonly onClose: () => void;
}

/** The items of a chart's menu: loaded when it is first opened. */
export function PaneMenuItems({ index, choice, instrumentId, view, isTable, onTable, onReady, onClose }: Props) {
  const { workspace, charts } = useServices();
  const scale = choice.compare ? 'percent' : (choice.scale ?? 'linear');
  const isMaximised = useWorkspace((state) => state.isMaximised);
  useLayoutEffect(onReady, [onReady]);
  const open = (kind: 'indicators') => workspace.setState({ active: index, dialog: { kind } });
  const act = (action: () => void) => () => {
    onClose();
    action();
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
    </>
  );
}
