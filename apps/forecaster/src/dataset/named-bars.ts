import type { InstrumentId } from '@candlecast/domain';
import type { BarSeries } from '../features/bar.ts';

/** Bars and whose they are. */
export interface NamedBars {
  readonly instrumentId: InstrumentId;
  readonly series: BarSeries;
}
