import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const INSTRUMENTS = gateway('queries', 'a market with data > lists instruments by page, by text and by state, exactly as they are stored');
const FORWARD = gateway('candle-pages', 'pages of candles > lead forward through a range, every candle once');
const BACKWARD = gateway('candle-pages', 'pages of candles > lead backward through a range, every candle once');
const BARS = gateway('queries', 'a market with data > gives bars as columns of numbers, the newest first when asked by count');
const CHUNKS = gateway('bar-chunks', 'barChunks > lists the newest closed chunks and the bars that come after them');
const OLDER_CHUNKS = gateway('bar-chunks', 'barChunks > lists those of a range, which may be older');
const CHUNK = gateway('bar-chunks', 'bars of a chunk > are those of its range, and say what the chunk is called now');
const CERTIFICATE = gateway('candle-pages', 'a certificate > counts what is missing and says why, recorded or not');
const TRADE_IDS = gateway(
  'data-quality',
  'the certificate > names the place where trades are missing, and passes a hole in which nobody traded',
);
const DIGITS = gateway(
  'adapters/export/export',
  '/export/candles.csv > has every closed candle of the range, digit by digit as the API shows it',
);
const BACKWARD_EVERYWHERE = gateway(
  'contract-lines',
  'every list > of %s leads backward with last and before, its edges under their cursors',
);
const SCALARS = gateway('contract-lines', 'scalars > DateTime, Decimal, Interval and Cursor are written as the contract says');
const REFUSED_SCALARS = gateway('contract-lines', 'scalars > %s of { %s } is taken or refused with its code');
const AS_OF = gateway(
  'as-of',
  'asOf: { knownAt } > answers as the gateway answered then, whatever came later',
  'asOf: { eventTime } > shows today’s values up to then, and the bucket around it from its minutes',
);
const FILL = gateway('fill', 'fill of exact candles > PREVIOUS_CLOSE repeats the close before, also before the page');
const OPEN = gateway('stream-live', 'open candles > of longer intervals hold the closed minutes of the bucket and the open one, exactly');
const SUMMARY = gateway('queries', 'a market with data > sums up the last 24 hours exactly');
const FRESHNESS = gateway('queries', 'a market with data > tells how fresh the data is');
const GAPS = gateway('data-quality', 'gaps > are pages of the ledger, oldest first, with what was done about each');
const QUALITY = gateway('data-quality', 'dataQuality > tells what the checks find, how old the data is, and what audits and imports did');
const DAILY = gateway('daily-and-external', 'dailyTotals > sum a UTC day up exactly, an instrument a row, by symbol');
const EXTERNAL = gateway('daily-and-external', 'externalSeries > tell what was known at a time');
const OVERLAY = gateway(
  'daily-and-external',
  'externalOverlay > tell at each bar what was known at its close, or draw the line between what is known',
);
const TOP = gateway('books-and-trades', 'topOfBook > is the newest that came, else the newest that is stored, else left out');
const TOP_HISTORY = gateway('books-and-trades', 'topOfBook > has a history in pages');
const TRADES = gateway('books-and-trades', 'trades > come exactly as they are stored');
const TRADE_PAGES = gateway('books-and-trades', 'trades > come in pages without a hole or an overlap, in both directions');
const DEPTH = gateway('books-and-trades', 'depth > is asked for and comes, cut to the levels wanted');

/** What holds the reads of market data. */
export const MARKET_COVERAGE: CoverageMap = {
  Decimal: SCALARS,
  DateTime: [...SCALARS, ...REFUSED_SCALARS],
  Interval: [...SCALARS, ...REFUSED_SCALARS],
  Horizon: REFUSED_SCALARS,
  Cursor: SCALARS,

  'Query.*(last)': BACKWARD_EVERYWHERE,
  'Query.*(before)': BACKWARD_EVERYWHERE,
  '*Edge.cursor': BACKWARD_EVERYWHERE,

  'Query.instruments*': INSTRUMENTS,
  'Instrument*.*': INSTRUMENTS,
  'Instrument.freshness': gateway('statements', 'the statements of an operation > are as many for few rows as for many: %s'),
  'PageInfo.*': [...INSTRUMENTS, ...FORWARD],
  'Query.instrument': gateway('queries', 'a market with data > finds an instrument by id and by bare symbol, in any case'),
  'Query.instrument(symbol)': gateway('queries', 'a market with data > finds an instrument by id and by bare symbol, in any case'),

  'Query.candles': FORWARD,
  'Query.candles(symbol)': FORWARD,
  'Query.candles(interval)': FORWARD,
  'Query.candles(from)': FORWARD,
  'Query.candles(to)': FORWARD,
  'Query.candles(first)': FORWARD,
  'Query.candles(after)': FORWARD,
  'Query.candles(last)': BACKWARD,
  'Query.candles(before)': BACKWARD,
  'Query.*(asOf)': AS_OF,
  'Query.*(fill)': [...FILL, ...gateway('fill', 'fill of bars > stands for missing buckets up to the newest candle')],
  'Candle.*': [...DIGITS, ...OPEN],
  'Candle.isFilled': FILL,
  'CandleConnection.*': FORWARD,
  'CandleEdge.*': FORWARD,
  'Certificate.*': [...CERTIFICATE, ...TRADE_IDS],
  'CertificateGap.*': CERTIFICATE,
  'TradeIdProof.*': TRADE_IDS,

  'Query.bars': BARS,
  'Query.bars(symbol)': BARS,
  'Query.bars(interval)': BARS,
  'Query.bars(from)': BARS,
  'Query.bars(to)': BARS,
  'Query.bars(countback)': BARS,
  'Query.bars(revision)': CHUNK,
  'Query.barChunks': CHUNKS,
  'Query.barChunks(symbol)': CHUNKS,
  'Query.barChunks(interval)': CHUNKS,
  'Query.barChunks(from)': OLDER_CHUNKS,
  'Query.barChunks(to)': OLDER_CHUNKS,
  'BarChunks.*': CHUNKS,
  'BarChunk.*': CHUNKS,
  'Bars.*': [...BARS, ...CHUNK],

  'Query.marketSummary': SUMMARY,
  'Query.marketSummary(symbols)': SUMMARY,
  'MarketSummary.*': SUMMARY,
  'Query.freshness*': FRESHNESS,
  'Freshness.*': FRESHNESS,
  'Query.gaps*': [...GAPS, ...gateway('data-quality', 'gaps > can be of a range, widened to whole candles, and of those that were filled')],
  'Gap.*': GAPS,
  'GapConnection.*': GAPS,
  'GapEdge.*': GAPS,
  'Query.dataQuality*': QUALITY,
  'DataQuality.*': QUALITY,
  'AuditWindow.*': QUALITY,
  'ImportedFile.*': QUALITY,
  'QualityFinding.*': QUALITY,

  'Query.dailyTotals*': [...DAILY, ...gateway('daily-and-external', 'dailyTotals > come in pages')],
  'DailyTotal*': DAILY,
  Date: DAILY,
  'Query.externalSeries*': EXTERNAL,
  'ExternalPoint*': EXTERNAL,
  'Query.externalOverlay*': OVERLAY,
  'ExternalOverlayBar.*': OVERLAY,
  'Query.topOfBook': TOP,
  'Query.topOfBook(*': [...TOP, ...gateway('books-and-trades', 'topOfBook > of the past is what was stored by then')],
  'Query.topOfBookHistory*': TOP_HISTORY,
  'TopOfBook.*': TOP,
  'TopOfBookConnection.*': TOP_HISTORY,
  'TopOfBookEdge.*': TOP_HISTORY,
  'Query.trades*': [...TRADES, ...TRADE_PAGES],
  'Trade.*': TRADES,
  'TradeConnection.*': TRADE_PAGES,
  'TradeEdge.*': TRADE_PAGES,
  'Query.depth*': DEPTH,
  'Depth*.*': DEPTH,
  'AsOfInput.*': AS_OF,

  'Mutation.trackInstrument*': gateway('tracking', 'tracking requests > come back with the instrument as soon as ingest has granted them'),
  'Mutation.untrackInstrument*': gateway(
    'tracking',
    'tracking requests > come back with the instrument as soon as ingest has granted them',
  ),
  'Query.apiKeys': gateway('keys', 'keys over HTTP > are made by an admin, shown once, and listed without what is secret'),
  'Query.rateLimit': gateway('contract-lines', 'the quota > is told without taking more than the asking'),
  'RateLimit.*': gateway('contract-lines', 'the quota > is told without taking more than the asking'),
  'ApiKey.*': gateway('keys', 'keys over HTTP > are made by an admin, shown once, and listed without what is secret'),
  'CreatedApiKey.*': gateway('keys', 'keys over HTTP > are made by an admin, shown once, and listed without what is secret'),
  'CreateApiKeyInput.*': gateway(
    'keys',
    'keys over HTTP > are made by an admin, shown once, and listed without what is secret',
    'keys over HTTP > are not made with %s',
  ),
  'Mutation.createApiKey*': gateway('keys', 'keys over HTTP > are made by an admin, shown once, and listed without what is secret'),
  'Mutation.rotateApiKey*': gateway('keys', 'keys over HTTP > work for a day beside their successor, and are revoked within seconds'),
  'Mutation.revokeApiKey*': gateway('keys', 'keys over HTTP > work for a day beside their successor, and are revoked within seconds'),
};
