import type { Decimal } from '@candlecast/domain';
import { toChartNumber } from '../market/to-chart-number.ts';

/** Returns SVG path data for prices, oldest first, drawn into a box; empty for fewer than two prices. */
export function sparklinePath(prices: readonly Decimal[], width: number, height: number): string {
  if (prices.length < 2) return '';
  const values = prices.map((price) => toChartNumber(price));
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return values
    .map((value, index) => {
      const x = ((index / (values.length - 1)) * width).toFixed(1);
      const y = (height - ((value - low) / span) * height).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}
