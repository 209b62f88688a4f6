import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const SHOWN = gateway('signals', 'signals > are those of the forecasts that are shown first, with what they reckon with and the warning');
const THEN = gateway('signals', 'signals > are of the past what they were then, and HOLD where no edge is expected');

/** What holds signals. */
export const SIGNAL_COVERAGE: CoverageMap = {
  'Query.signals': SHOWN,
  'Query.signals(symbols)': SHOWN,
  'Query.signals(horizons)': SHOWN,
  'Query.signals(asOf)': THEN,
  'Signal.*': [...SHOWN, ...THEN],
};
