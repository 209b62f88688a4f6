import type { Instrument } from '@candlecast/domain';
import { toPriceFormat, toVolumePrecision } from './price-format.ts';
import { INTRADAY_MULTIPLIERS, RESOLUTIONS } from './resolutions.ts';

/** What a market is called on a chart. Data of no exchange says so. */
const EXCHANGE_NAME = { BINANCE: 'Binance', SIM: 'Simulated (SIM)', REPLAY: 'Recorded (REPLAY)' } as const;

/** Returns the description of a pair that TradingView's `resolveSymbol` wants. Its ticker is our instrument id. */
export function toSymbolInfo(instrument: Instrument) {
  const { id, venue, symbol, baseAsset, quoteAsset } = instrument;
  return {
    name: symbol,
    ticker: id,
    full_name: id,
    description: `${baseAsset} / ${quoteAsset}`,
    type: 'crypto',
    exchange: venue,
    listed_exchange: venue,
    // The names of the protocol's first version, which older charts read.
    'exchange-traded': venue,
    'exchange-listed': venue,
    session: '24x7',
    timezone: 'Etc/UTC',
    format: 'price',
    ...toPriceFormat(instrument.tickSize),
    minmove2: 0,
    has_intraday: true,
    intraday_multipliers: INTRADAY_MULTIPLIERS,
    has_daily: true,
    daily_multipliers: ['1'],
    has_weekly_and_monthly: true,
    weekly_multipliers: ['1'],
    monthly_multipliers: [],
    supported_resolutions: RESOLUTIONS,
    visible_plots_set: 'ohlcv',
    volume_precision: toVolumePrecision(instrument.stepSize),
    data_status: 'streaming',
    currency_code: quoteAsset,
  };
}

/** Returns a pair as one line of a symbol search. */
export function toSearchResult({ id, venue, symbol, baseAsset, quoteAsset }: Instrument) {
  return { symbol, full_name: id, description: `${baseAsset} / ${quoteAsset}`, exchange: venue, ticker: id, type: 'crypto' };
}

/** Returns the market of a venue as a filter of the symbol search. */
export function toExchange(venue: Instrument['venue']) {
  return { value: venue, name: EXCHANGE_NAME[venue], desc: EXCHANGE_NAME[venue] };
}
