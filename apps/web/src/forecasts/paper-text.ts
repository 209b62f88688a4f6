import type { PaperRecordData } from '../graphql/documents/forecasts.ts';
import { ENOUGH, TOO_FEW } from './record-text.ts';

/** Returns basis points with their sign: "+12.3 bps". */
export function formatBps(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${text} bps`;
}

/** A paper record as people read it; nothing is said of the mean below 30 trades. */
export function toPaperText({
  trades,
  open,
  void: voided,
  meanNetBps,
  totalNetBps,
}: Pick<PaperRecordData, 'trades' | 'open' | 'void' | 'meanNetBps' | 'totalNetBps'>): {
  readonly trades: string;
  readonly mean: string;
  readonly total: string;
} {
  return {
    trades: `${trades}, ${open} open, ${voided} void`,
    mean: trades < ENOUGH ? TOO_FEW : meanNetBps ? withBounds(meanNetBps) : '–',
    total: trades < ENOUGH ? TOO_FEW : withBounds(totalNetBps),
  };
}

function withBounds({
  value,
  lower,
  upper,
}: {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}): string {
  return lower === null || upper === null ? formatBps(value) : `${formatBps(value)} [${formatBps(lower)}, ${formatBps(upper)}]`;
}
