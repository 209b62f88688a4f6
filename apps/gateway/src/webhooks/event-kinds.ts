import type { EventKind } from './event-kind.ts';
import { alertFired } from './kinds/alert-fired.ts';
import { candleClosed } from './kinds/candle-closed.ts';
import { feedStatus } from './kinds/feed-status.ts';
import { forecastIssued } from './kinds/forecast-issued.ts';
import { gapRecorded } from './kinds/gap-recorded.ts';

/** Everything that a webhook can be told. */
export const EVENT_KINDS: readonly EventKind[] = [candleClosed, gapRecorded, forecastIssued, feedStatus, alertFired];
