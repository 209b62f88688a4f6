import { type Decimal, divideDecimals, toDecimal } from '@candlecast/domain';
import { formatChange } from '../market/format-decimal.ts';

/** Returns a percentage with two decimals and its sign: "+1.23 %". */
export function formatPercent(percent: Decimal): string {
  return `${formatChange(divideDecimals(percent, toDecimal('1'), 2), 2)} %`;
}

/** Returns a whole number with its thousands apart, or an en dash where there is none. */
export function formatCount(count: number | null | undefined): string {
  return count == null ? '–' : `${count}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Returns a share of one as a percentage with one decimal: "90.3 %"; an en dash where there is none. */
export function formatShare(share: number | null | undefined): string {
  return share == null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** Returns a number with its sign and `digits` decimals, with a true minus: "+0.042", "−0.010"; an en dash where there is none. */
export function formatSigned(value: number | null | undefined, digits = 3): string {
  if (value == null) return '–';
  const text = Math.abs(value).toFixed(digits);
  if (/^[0.]+$/.test(text)) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** Returns an instant as people read it, in UTC: "2026-11-29 14:05"; an en dash where there is none. */
export function formatMoment(iso: string | null | undefined): string {
  return iso == null ? '–' : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}
