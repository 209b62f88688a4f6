import type { Decimal } from './decimal.ts';
import type { Quantile } from './forecast.ts';
import { HORIZONS, type Horizon } from './horizon.ts';
import { type InstrumentId, parseInstrumentId } from './instrument.ts';
import { type EpochMs, toEpochMs } from './time.ts';

/** A model that speaks of the past only. It has seen no candle that closed after `trainedThrough`, which lies before everything it says. */
export interface HindcastModel {
  readonly id: number;
  readonly instrumentId: InstrumentId;
  readonly name: string;
  readonly trainedFrom: EpochMs;
  readonly trainedThrough: EpochMs;
  /** SHA-256 of all that it was trained on. */
  readonly dataHash: string;
  /** Version of the features that it is given. */
  readonly featureSchema: number;
  /** Shortest first. */
  readonly horizons: readonly Horizon[];
  /** Which program made it. */
  readonly codeVersion: string;
  /** By the venue's clock. */
  readonly madeAt: EpochMs;
}

/** What a model would have said at `asOf` about the price at `targetTime`: a forecast made after the fact. Nothing of it is in the ledger. */
export interface Hindcast {
  readonly model: HindcastModel;
  readonly instrumentId: InstrumentId;
  readonly horizon: Horizon;
  readonly asOf: EpochMs;
  readonly targetTime: EpochMs;
  /** Close of the candle that ends at `asOf`. */
  readonly refPrice: Decimal;
  readonly pUp: number;
  readonly quantiles: readonly Quantile[];
}

/** Names a hindcast: there is one of an instrument, a horizon and a moment. */
export type HindcastKey = Pick<Hindcast, 'instrumentId' | 'horizon' | 'asOf'>;

const PREFIX = 'hindcast';

/** Returns the id of a hindcast: `hindcast:<VENUE:SYMBOL>:<horizon>:<asOf in epoch ms>`. */
export function toHindcastId({ instrumentId, horizon, asOf }: HindcastKey): string {
  return `${PREFIX}:${instrumentId}:${horizon}:${asOf}`;
}

/** Reads an id of `toHindcastId`; undefined for any other text. */
export function parseHindcastId(text: string): HindcastKey | undefined {
  const [, name = '', length = '', time = ''] = /^hindcast:([A-Z]+:[^:]{1,40}):(\w{2,4}):(\d{1,15})$/.exec(text) ?? [];
  const instrument = parseInstrumentId(name, 'BINANCE');
  const horizon = HORIZONS.find((known) => known === length);
  if (!instrument.ok || !horizon) return undefined;
  return { instrumentId: instrument.value.id, horizon, asOf: toEpochMs(Number.parseInt(time, 10)) };
}
