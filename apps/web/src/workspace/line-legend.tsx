'use client';

import { useStore } from 'zustand';
import { formChoiceLines } from '../indicators/choice-lines.ts';
import { formatAmount, formatPrice } from '../market/format-decimal.ts';
import { fromChartNumber } from '../market/from-chart-number.ts';
import styles from './legend.module.css';
import type { PaneViewStore } from './pane-view.ts';
import { COMPARE_LINE, type Compared } from './use-compare.ts';
import type { PaneChoice } from './workspace-url.ts';

interface Props {
  readonly choice: PaneChoice;
  readonly view: PaneViewStore;
  readonly decimals: number;
  readonly compare: Compared | undefined;
}

/** The lines of a chart with their values under the crosshair, else the newest; and how many holes its candles have. */
export function LineLegend({ choice, view, decimals, compare }: Props) {
  const hovered = useStore(view, (state) => state.hovered?.values);
  const newest = useStore(view, (state) => state.values);
  const gaps = useStore(view, (state) => state.gaps);
  const values = hovered ?? newest;
  const price = (value: number | undefined, digits = decimals) =>
    value === undefined ? '–' : formatPrice(fromChartNumber(value, digits), digits);
  const average = values['volume-average'];
  return (
    <ul className={styles.lines} data-testid="line-legend">
      {average !== undefined && (
        <li>
          <i style={{ borderColor: 'var(--line-6)' }} aria-hidden="true" />
          Vol 20 {formatAmount(fromChartNumber(average, 8))}
        </li>
      )}
      {(choice.indicators ?? []).map(formChoiceLines).map(({ ids, label, colour }, index) => (
        <li key={ids.join()} data-testid={`line-${ids[0]}`}>
          <i style={{ borderColor: `var(--line-${(colour ?? index) + 1})` }} aria-hidden="true" />
          {label} {ids.map((id) => price(values[id])).join(' ')}
        </li>
      ))}
      {compare && (
        <li data-testid="line-compare">
          <i style={{ borderColor: 'var(--line-5)' }} aria-hidden="true" />
          {compare.label} {price(values[COMPARE_LINE], compare.decimals)}
        </li>
      )}
      {gaps.length > 0 && (
        <li className={styles.gaps} data-testid="gap-count" title={gaps.map(({ label }) => label).join('\n')}>
          {gaps.length === 1 ? gaps[0]?.label : `${gaps.length} gaps, the newest: ${gaps.at(-1)?.label}`}
        </li>
      )}
    </ul>
  );
}
