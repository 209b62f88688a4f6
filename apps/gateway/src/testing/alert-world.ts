import { type Alert, type DeskLease, type FeedStatus, type InstrumentId, type NewAlert, toDecimal, type Venue } from '@candlecast/domain';
import { createAlertBook, createAlertRegister, createCandleReader, createForecastReader, createInstrumentReader } from '@candlecast/store';
import { createLogger } from '@candlecast/telemetry';
import { Registry } from 'prom-client';
import type { AlertKind } from '../alerts/alert-kind.ts';
import { ALERT_KINDS } from '../alerts/alert-kinds.ts';
import { createAlertMetrics } from '../alerts/alert-metrics.ts';
import { createWatch, type WatchOptions } from '../alerts/watch.ts';
import { createVenues } from '../market/venues.ts';
import { at, BTC, minuteOf, startTestMarket, type TestMarket } from './test-market.ts';

/** A firing as it is stored. */
export interface StoredFiring {
  readonly alertId: string;
  readonly minute: number;
  readonly crossed: string;
  readonly value: string;
  readonly level: string;
  readonly reason: string;
}

/** A market with alerts, of which a test does each step itself. */
export interface AlertWorld {
  readonly market: TestMarket;
  readonly book: ReturnType<typeof createAlertBook>;
  /** What feeds say of themselves. */
  readonly feeds: Map<Venue, FeedStatus>;
  /** What a watch is made of; each one made of it begins with what is stored. */
  readonly watchOptions: WatchOptions;
  /** Makes an alert; fields of the rule that are left out are as the API fills them in. */
  make(kind: string, rule: Alert['rule'], wish?: Partial<NewAlert>): Promise<string>;
  /** Closes a minute at a price, and moves the clock to its end. */
  closeAt(minute: number, price: number | string, id?: InstrumentId): Promise<void>;
  /** Lets the alerts look at everything that has happened. */
  settle(): Promise<void>;
  /** What an alert has fired, oldest first. */
  firings(alertId: string): Promise<StoredFiring[]>;
  stop(): Promise<void>;
}

/** The owner of alerts for whom nobody else is named. */
export const OWNER = 'workspace:one';

/** Starts a market with BTC in it. */
export async function startAlertWorld(): Promise<AlertWorld> {
  const market = await startTestMarket();
  await market.list(BTC);
  const { database, log, clock } = market;
  const register = createAlertRegister(database);
  const book = createAlertBook(database);
  const feeds = new Map<Venue, FeedStatus>();
  const watchOptions: WatchOptions = {
    ...{ book, log, kinds: ALERT_KINDS, metrics: createAlertMetrics(new Registry()), logger: createLogger('test', 'silent') },
    candles: createCandleReader(database),
    forecasts: createForecastReader(database),
    venues: createVenues(createInstrumentReader(database), clock),
    findFeed: (venue) => feeds.get(venue),
    pace: { momentMs: 0 },
  };
  const watch = createWatch(watchOptions);
  let lease: DeskLease | undefined;
  return {
    market,
    book,
    feeds,
    watchOptions,
    async make(kind, rule, wish = {}) {
      const fields = Object.entries((ALERT_KINDS.find(({ name }) => name === kind) as AlertKind).fields);
      const whole = Object.fromEntries(fields.map(([name, { otherwise }]) => [name, rule[name] ?? otherwise ?? null]));
      const alert = {
        owner: OWNER,
        instrumentId: BTC,
        kind,
        rule: whole,
        note: null,
        once: false,
        cooldownMs: 0,
        expiresAt: null,
        ...wish,
      };
      const id = await register.create(alert, 1_000);
      if (id === undefined) throw new Error('there are too many alerts');
      return id;
    },
    async closeAt(minute, price, id = BTC) {
      const text = toDecimal(typeof price === 'number' ? price.toFixed(2) : price);
      if (at(minute + 1) > clock.now()) clock.set(at(minute + 1));
      const candle = minuteOf(minute, { open: text, high: text, low: text, close: text });
      await market.candles.commitClosed([{ instrumentId: id, candles: [candle] }], at(minute + 1));
    },
    async settle() {
      lease ??= await book.takeLease('the test', 3_600_000);
      if (!lease) throw new Error('somebody else evaluates');
      while ((await watch.look(lease)) === 0);
    },
    async firings(alertId) {
      const rows = await database.prisma.alertFiring.findMany({ where: { alertId }, orderBy: [{ at: 'asc' }, { createdAt: 'asc' }] });
      return rows.map(({ at: time, crossed, value, level, reason }) => {
        return { alertId, minute: (time.getTime() - at(0)) / 60_000, crossed, value, level, reason };
      });
    },
    stop: () => market.stop(),
  };
}
