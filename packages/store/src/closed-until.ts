import { addMs, type EpochMs, floorToInterval, MINUTE_MS } from '@candlecast/domain';
import type { Series } from './sql/series.ts';

/**
 * Returns up to where a series does not grow any more: what is written before that is a change of its past. Undefined for one that was never
 * live, in which every write is one.
 */
export function closedUntil({ watermark, liveSince }: Pick<Series, 'watermark' | 'liveSince'>): EpochMs | undefined {
  if (liveSince === null) return undefined;
  return watermark === null ? floorToInterval(liveSince, '1m') : addMs(floorToInterval(watermark, '1m'), MINUTE_MS);
}
