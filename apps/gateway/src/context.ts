import type {
  BookReader,
  CandleReader,
  ExternalReader,
  ForecastReader,
  GapReader,
  HindcastReader,
  InstrumentReader,
  QualityReader,
  TradeReader,
} from '@candlecast/domain';
import type { PrismaClient } from '@candlecast/store';
import type { AlertDesk } from './alerts/alert-desk.ts';
import type { Keeping } from './guard/keeping.ts';
import type { Toll } from './guard/toll.ts';
import type { Caller } from './keys/caller.ts';
import type { KeyDesk } from './keys/key-desk.ts';
import type { LatestValues } from './live/latest-values.ts';
import type { Outlet } from './live/outlet.ts';
import type { Streams } from './live/streams.ts';
import type { DepthBooks } from './market/depth-books.ts';
import type { ForecastNodes } from './market/forecast-nodes.ts';
import type { LiveSummaries } from './market/live-summaries.ts';
import type { Models } from './market/models.ts';
import type { Tracker } from './market/tracker.ts';
import type { Venues } from './market/venues.ts';
import type { Replays } from './replay/replays.ts';
import type { WebhookDesk } from './webhooks/webhook-desk.ts';

/** What resolvers may use: ports and what is composed of them. Shared by every request of the process. */
export interface Services {
  readonly instruments: InstrumentReader;
  readonly candles: CandleReader;
  readonly forecasts: ForecastReader;
  readonly hindcasts: HindcastReader;
  readonly quality: QualityReader;
  readonly gaps: GapReader;
  readonly books: BookReader;
  readonly trades: TradeReader;
  readonly external: ExternalReader;
  /** For records that are shown as they are stored. */
  readonly prisma: PrismaClient;
  readonly venues: Venues;
  readonly models: Models;
  readonly nodes: ForecastNodes;
  readonly latest: LatestValues;
  readonly streams: Streams;
  readonly tracker: Tracker;
  readonly depth: DepthBooks;
  readonly summaries: LiveSummaries;
  readonly keys: KeyDesk;
  readonly toll: Toll;
  readonly webhooks: WebhookDesk;
  readonly alerts: AlertDesk;
  readonly replays: Replays;
}

/** The line to one client, whatever the transport. */
export interface Connection {
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Ends the connection of a reader that does not keep up and tells it the cursor after which to resume. */
  cutSlowReader(cursor: string): void;
  /** Where events that are executed for all leave; absent when the transport executes every subscription by itself. */
  readonly outlet?: Outlet;
}

/** What every resolver gets. `requestId` is in every error and in the log line of its cause. */
export interface GatewayContext extends Services {
  readonly requestId: string;
  /** Who asks. */
  readonly caller: Caller;
  readonly connection: Connection;
  /** Where root fields say how long caches may keep their answers; absent where no cache sees them. */
  readonly keeping?: Keeping;
}
