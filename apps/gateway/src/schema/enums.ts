import { GAP_REASONS, SERIES_STATES, VENUES } from '@candlecast/domain';
import { FILLS } from '../market/fill-buckets.ts';
import { builder } from './builder.ts';

export const VenueEnum = builder.enumType('Venue', {
  description: 'Where a price is made. SIM and REPLAY are no exchange: simulated and recorded data.',
  values: VENUES,
});

export const InstrumentStatusEnum = builder.enumType('InstrumentStatus', {
  description: 'Where a tracked instrument stands on its way from a wish to a live series.',
  values: SERIES_STATES,
});

export const GapReasonEnum = builder.enumType('GapReason', {
  description: 'Why candles are missing. PENDING ones are being repaired; the others are facts.',
  values: GAP_REASONS,
});

export const FeedStateEnum = builder.enumType('FeedState', {
  description: 'Whether the feed of a venue runs. ENDED: a replay has come to the end of its recording.',
  values: ['CONNECTING', 'LIVE', 'RECONNECTING', 'STALE', 'BACKFILLING', 'ENDED'] as const,
});

export const ForecastTimingEnum = builder.enumType('ForecastTiming', {
  description: 'ON_TIME when stored at most ten seconds after `asOf`, else LATE.',
  values: ['ON_TIME', 'LATE'] as const,
});

export const ModelKindEnum = builder.enumType('ModelKind', {
  description: 'What kind of model made a forecast.',
  values: ['BASELINE', 'LSTM'] as const,
});

export const FillEnum = builder.enumType('Fill', {
  description:
    'What stands for a bucket without a candle, up to the newest candle. NONE: nothing, it is left out. NULL: its time with nulls. PREVIOUS_CLOSE: ' +
    'the close before it as open, high, low and close with zero amounts, marked `isFilled`; buckets before the first candle are left out.',
  values: FILLS,
});

export const BarsStatusEnum = builder.enumType('BarsStatus', {
  description: 'Whether there are bars in the range, in the words of the TradingView UDF protocol.',
  values: ['ok', 'no_data'] as const,
});
