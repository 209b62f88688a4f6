import { z } from 'zod';

const port = (value: number) => z.coerce.number().int().min(0).max(65_535).default(value);
const optionalText = z.string().min(1).optional();
const epochMs = z.coerce.number().int().min(0).optional();
const flag = (value: boolean) => z.stringbool().default(value);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim().toUpperCase())
    .filter((item) => item !== ''),
);

/** A number of cost points. */
const points = (value: number) => z.coerce.number().int().min(1).max(1_000_000_000).default(value);

/** Web origins as browsers send them: scheme, host and port, nothing after. */
const origins = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .refine(
    (items) => items.every((item) => /^https?:\/\/[^*]+$/.test(item) && URL.canParse(item) && new URL(item).origin === item),
    'must be origins: https://example.org',
  );

/** A time such as 90s, 30m, 1h or 1d. */
const duration = (value: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a whole number of seconds, minutes, hours or days: 90s, 30m, 1h, 1d')
    .default(value);

/** The symbols that are tracked unless others are named. */
export const DEFAULT_INSTRUMENTS: readonly string[] = [
  ...['BTCUSDT', 'ETHUSDT', 'XRPUSDT', 'BNBUSDT', 'DOGEUSDT', 'ADAUSDT', 'POLUSDT', 'DOTUSDT', 'SOLUSDT', 'LTCUSDT', 'USDCUSDT'],
];

/**
 * Every setting of every process, by its environment variable. Processes pick what they need;
 * a variable with our prefix that is not here is an error. `.env.example` is checked against this list.
 */
export const SETTINGS = {
  DATABASE_URL: optionalText.describe('PostgreSQL to use instead of the embedded one: postgresql://user:password@host:port/database'),
  CANDLECAST_HOST: z.string().min(1).default('127.0.0.1').describe('Address that every server binds to'),
  CANDLECAST_WEB_PORT: port(3000).describe('Port of the web app'),
  CANDLECAST_GATEWAY_PORT: port(4000).describe('Port of the GraphQL gateway'),
  CANDLECAST_INGEST_PORT: port(4001).describe('Port of the ingest health and metrics endpoint'),
  CANDLECAST_FORECASTER_PORT: port(4002).describe('Port of the forecaster health and metrics endpoint'),
  CANDLECAST_SIM_PORT: port(4010).describe('Port of the exchange simulator (simulated and replayed sources)'),
  CANDLECAST_POSTGRES_PORT: port(4032).describe('Port of the embedded PostgreSQL'),
  CANDLECAST_GATEWAY_URL: optionalText.describe('Gateway address for the web server, when it is not on this machine'),
  CANDLECAST_GATEWAY_PUBLIC_URL: optionalText.describe(
    'Gateway address for browsers, when it differs from the page host and CANDLECAST_GATEWAY_PORT',
  ),
  CANDLECAST_DATA_DIR: z.string().min(1).default('.candlecast').describe('Folder for the embedded database, models and logs'),
  CANDLECAST_SOURCE: z.enum(['binance', 'simulated', 'replay']).default('binance').describe('Where market data comes from'),
  CANDLECAST_REPLAY_DIR: optionalText.describe('Folder of kline files in the format of Binance dumps (source replay)'),
  CANDLECAST_REPLAY_FROM: optionalText.describe('Moment at which a replay starts, ISO-8601 (default: 24 hours before its end)'),
  CANDLECAST_CLOCK_SPEED: z.coerce.number().min(1).max(1000).default(1).describe('How fast simulated or replayed time runs, 1 to 1000'),
  CANDLECAST_SIM_ANCHOR_WALL_MS: epochMs.describe(
    'Moment of this machine at which the simulator reads CANDLECAST_SIM_ANCHOR_TIME_MS, epoch milliseconds; npm start sets both',
  ),
  CANDLECAST_SIM_ANCHOR_TIME_MS: epochMs.describe('Simulated time at that moment, epoch milliseconds'),
  CANDLECAST_SEED: z.coerce.number().int().min(0).max(4_294_967_295).default(1).describe('Seed of the simulated market'),
  CANDLECAST_INSTRUMENTS: list
    .prefault(DEFAULT_INSTRUMENTS.join(','))
    .describe('Symbols to track, separated by commas, or "all" that trade (a replay tracks what its folder holds)'),
  CANDLECAST_HISTORY_DAYS: z
    .union([z.literal('all'), z.coerce.number().int().min(1).max(10_000)])
    .default(400)
    .describe('Days of 1m history to fetch, or "all" from the first candle on; the newest 30 days come first'),
  CANDLECAST_DUMP_URL: z
    .union([z.literal('none'), z.url()])
    .default('https://data.binance.vision')
    .describe('Archive of old candles that long histories come from first (source binance), or none'),
  CANDLECAST_AUDIT_INTERVAL: duration('1h').describe(
    'Time between two audits of the stored candles, on the clock of the venue: 30m, 1h, 1d',
  ),
  CANDLECAST_STORE_TRADES: flag(true).describe('Whether trades are stored (subscribers hear them in any case), true or false'),
  CANDLECAST_SAMPLE_BOOK: flag(true).describe('Whether the top of the book is stored once a second where it changed, true or false'),
  CANDLECAST_DEPTH_BOOKS: z.coerce
    .number()
    .int()
    .min(0)
    .max(200)
    .default(20)
    .describe('Order books that an ingest keeps at a time, each while somebody asks for it; 0 keeps none'),
  CANDLECAST_BINANCE_REST_URL: z.url().default('https://data-api.binance.vision').describe('REST address of the exchange'),
  CANDLECAST_BINANCE_WS_URL: z.url().default('wss://data-stream.binance.vision').describe('WebSocket address of the exchange'),
  CANDLECAST_EGRESS_ADDRESS: z
    .string()
    .min(1)
    .default('local')
    .describe('Name of the address under which the exchange sees this ingest process; processes with one name share its limits'),
  CANDLECAST_SERIES_FILE: optionalText.describe(
    'File of sources outside whose values ingest collects at every quarter of an hour (docs/external-series.md); none when absent',
  ),
  CANDLECAST_PUBLIC_TRACKING: z
    .enum(['on', 'off'])
    .optional()
    .describe('Whether anybody may have pairs tracked, on or off (default: off with NODE_ENV=production, else on)'),
  CANDLECAST_QUOTA_PUBLIC: points(6_000).describe(
    'Cost points a minute for an address without an API key, and for a visitor of the web app',
  ),
  CANDLECAST_QUOTA_KEY: points(60_000).describe('Cost points a minute for an API key'),
  CANDLECAST_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .describe('WebSockets that an address, or an API key, may have open at a gateway process'),
  CANDLECAST_SLOW_READER_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(20_000)
    .describe('Milliseconds that a subscriber may stay behind before it is cut (close code 4290)'),
  CANDLECAST_TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Proxies of ours before the gateway: so many entries of X-Forwarded-For, from its end, are believed'),
  CANDLECAST_DOCUMENTS: z
    .enum(['any', 'known'])
    .optional()
    .describe(
      'Which GraphQL documents run without an API key: any, or only those of the web app (default: known with NODE_ENV=production, else any)',
    ),
  CANDLECAST_ORIGINS: origins
    .optional()
    .describe('Web origins that browsers may reach the gateway from, separated by commas (default: the web app on this machine)'),
  CANDLECAST_WEB_KEY_FILE: optionalText.describe("File that holds the web app's API key, which web and gateway share; npm start makes it"),
  CANDLECAST_WEBHOOK_LOOPBACK: flag(false).describe(
    'Whether webhooks may go to this machine, also without TLS, true or false; for development, refused with NODE_ENV=production',
  ),
  CANDLECAST_FORECAST_DEADLINE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('Milliseconds after a close within which a forecast counts as on time'),
  CANDLECAST_RETRAIN: z
    .enum(['daily', 'weekly', 'monthly'])
    .default('monthly')
    .describe('How often models are trained anew, from scratch: daily, weekly or monthly, at UTC midnight of the venue'),
  CANDLECAST_FEE_BPS: z.coerce
    .number()
    .min(0)
    .max(1_000)
    .default(10)
    .describe('Fee of a trade that signals reckon with, in basis points of its value; entry and exit pay it each'),
  CANDLECAST_BUCKET_URL: z
    .url()
    .optional()
    .describe(
      'Bucket that models are kept in, in place of the data folder: https://host/bucket, of S3 or a server that speaks its protocol',
    ),
  CANDLECAST_BUCKET_REGION: z.string().min(1).default('us-east-1').describe('Region of the bucket'),
  CANDLECAST_BUCKET_KEY: optionalText.describe('Access key id for the bucket'),
  CANDLECAST_BUCKET_SECRET: optionalText.describe('Secret access key for the bucket'),
  MLFLOW_TRACKING_URI: z
    .url()
    .optional()
    .describe('MLflow tracking server that runs and models are exported to once a day (default: none)'),
  CANDLECAST_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe log lines to print'),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings<K extends SettingName> = { readonly [N in K]: z.output<(typeof SETTINGS)[N]> };
