import type { Decimal } from '@candlecast/domain';
import type { Direction } from '../market/format-decimal.ts';
import { sparklinePath } from '../watchlist/sparkline-path.ts';
import styles from './market-table.module.css';

const WIDTH = 96;
const HEIGHT = 24;

/** Prices as a line, oldest first. What it shows stands beside it as numbers. */
export function Sparkline({ prices, direction }: { readonly prices: readonly Decimal[]; readonly direction: Direction }) {
  return (
    <svg className={styles.spark} data-direction={direction} viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} aria-hidden="true">
      <path d={sparklinePath(prices, WIDTH, HEIGHT)} />
    </svg>
  );
}
