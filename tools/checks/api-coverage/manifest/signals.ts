import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const SHOWN = gateway('signals', 'signals > are those of the forecasts that are shown first, with what they reckon with and the warning');
const THEN = gateway('signals', 'signals > are of the past what they were then, and HOLD where no edge is expected');

const RECORD = gateway('paper-record', 'paperRecord > is what one position at a time gave after costs, beside holding and doing nothing');
const OPEN = gateway('paper-record', 'paperRecord > counts what is still held, and is empty where nothing was said');

/** What holds signals and their record. */
export const SIGNAL_COVERAGE: CoverageMap = {
  'Query.signals': SHOWN,
  'Query.signals(symbols)': SHOWN,
  'Query.signals(horizons)': SHOWN,
  'Query.signals(asOf)': THEN,
  'Query.paperRecord*': [...RECORD, ...OPEN],
  'PaperRecord.*': [...RECORD, ...OPEN],
  'Signal.*': [...SHOWN, ...THEN],
};
