import type { Decimal } from '@candlecast/domain';
import { toChartNumber } from '../market/to-chart-number.ts';

/** The least span drawn, as a part of the price: a stable coin's single ticks are no mountains. */
const LEAST_SPAN = 0.002;

/** Returns SVG path data for prices, oldest first, drawn into a box; empty for fewer than two prices. */
export function sparklinePath(prices: readonly Decimal[], width: number, height: number): string {
  if (prices.length < 2) return '';
  const values = prices.map((price) => toChartNumber(price));
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(highest - lowest, highest * LEAST_SPAN);
  const low = (lowest + highest - span) / 2;
  return values
    .map((value, index) => {
      const x = ((index / (values.length - 1)) * width).toFixed(1);
      const y = (height - ((value - low) / span) * height).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}
