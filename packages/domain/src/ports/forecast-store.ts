import type { AsOf } from '../as-of.ts';
import type { Forecast, Model } from '../forecast.ts';
import type { Horizon } from '../horizon.ts';
import type { InstrumentId, Venue } from '../instrument.ts';
import type { PaperRows } from '../paper-record.ts';
import type { ForecastOutcome, Resolution } from '../resolution.ts';
import type { EpochMs, TimeRange } from '../time.ts';
import type { TrackDay } from '../track-record.ts';
import type { LedgerReader } from './ledger-store.ts';

/** A forecast that is about to be stored; the database adds `issuedAt` (venue's clock, same transaction) and the timing. */
export type NewForecast = Omit<
  Forecast,
  'issuedAt' | 'timing' | 'id' | 'inputHash' | 'codeVersion' | 'ledgerSeq' | 'prevHash' | 'hash' | 'signal' | 'calibration'
> & {
  /** None where absent. */
  readonly signal?: Forecast['signal'];
  readonly calibration?: Forecast['calibration'];
};

/** Forecasts that share one model input: one instrument, one `asOf`, one model, all horizons. */
export interface ForecastBatch {
  readonly instrumentId: InstrumentId;
  readonly modelId: number;
  readonly asOf: EpochMs;
  /** The model's raw input, little-endian float32, exactly as given to the runtime; its SHA-256 is the forecasts' `inputHash`. */
  readonly input: Uint8Array;
  /** Which program made them. */
  readonly codeVersion: string;
  readonly forecasts: readonly NewForecast[];
}

/** Writes models and forecasts (the forecaster owns them). */
export interface ForecastWriter {
  /** Inserts the model or returns the one with the same name and version. */
  saveModel(model: Omit<Model, 'id' | 'createdAt'>): Promise<Model>;
  /** Appends to the ledger and logs `forecast.issued`, one transaction. A forecast that is already there stays as it is. Returns them as stored, each once. */
  appendForecasts(batches: readonly ForecastBatch[], deadlineMs: number): Promise<Forecast[]>;
}

/** Where a forecast stands among those of its instrument: in the order of `asOf`, then of the ledger. */
export interface ForecastPlace {
  readonly asOf: EpochMs;
  readonly ledgerSeq: number;
}

/** Which forecasts of an instrument to read. */
export interface ForecastQuery {
  readonly instrumentId: InstrumentId;
  readonly horizons: readonly Horizon[];
  readonly modelId: number | undefined;
  /** Issued in this range. */
  readonly issued: TimeRange;
  /** What had happened or was known by then; everything when absent. */
  readonly asOf: AsOf | undefined;
  readonly limit: number;
  /** From which end; the answer is in order either way. */
  readonly take: 'oldest' | 'newest';
  /** Only what lies behind this place, seen from that end. */
  readonly beyond: ForecastPlace | undefined;
}

/** One model, with the versions of its name before it, at one horizon of one instrument. */
export type TrackKey = Pick<Forecast, 'instrumentId' | 'modelId' | 'horizon'>;

/** Of which scores to make a record. */
export interface TrackQuery {
  readonly venue: Venue;
  /** Every instrument of the venue when absent. */
  readonly symbol: string | undefined;
  /** With the versions of its name before it: a name has a record, however often it is trained. */
  readonly modelId: number;
  readonly horizons: readonly Horizon[];
  /** Scored from here on, a UTC midnight. */
  readonly from: EpochMs;
  /** Up to where forecasts were due. */
  readonly now: EpochMs;
  /** What had happened or was known by then; everything when absent. */
  readonly asOf: AsOf | undefined;
}

/** What there is of one horizon. */
export interface TrackRows {
  readonly horizon: Horizon;
  /** Oldest first. */
  readonly days: readonly TrackDay[];
  /** Forecasts that were due and whose target time has passed. */
  readonly due: number;
  /** Of them, those that were issued and wait for a price. */
  readonly waiting: number;
}

/** Reads models and forecasts. */
export interface ForecastReader extends Pick<LedgerReader, 'findLedgerHead'> {
  findModels(): Promise<Model[]>;
  findModel(id: number): Promise<Model | undefined>;
  /** The newest forecast per (instrument, horizon): the champion's, or an LSTM's where there is no champion, if it is as new as the newest baseline's, else the baseline's. */
  findLatestForecasts(ids: readonly InstrumentId[], horizons: readonly Horizon[], asOf?: AsOf): Promise<Forecast[]>;
  /** Forecasts with what came of them by then, in order. */
  findForecasts(query: ForecastQuery): Promise<ForecastOutcome[]>;
  /** The days of a model's record and what was due, by horizon, in the order asked for. */
  findTrackRows(query: TrackQuery): Promise<TrackRows[]>;
  /** The days from `from` on, a UTC midnight, of each of `keys`, in their order. */
  findTrackDays(keys: readonly TrackKey[], from: EpochMs): Promise<TrackDay[][]>;
  /** A model's forecasts up to a day ahead, shortest first, of the newest `asOf` at which it issued them by `at`; none where that is a day ago. */
  findFan(id: InstrumentId, modelId: number, at: EpochMs): Promise<Forecast[]>;
  /** The models that had issued for an instrument, or for any of the venue, by then: those that are shown first come first. */
  findIssuingModels(venue: Venue, symbol: string | undefined, by: EpochMs): Promise<number[]>;
  /** What came of these forecasts, in their order. */
  findResolutions(forecasts: readonly Forecast[]): Promise<(Resolution | null)[]>;
  /** What is stored of following every signal that was shown first; nothing for an instrument that is not known. */
  findPaperRows(id: InstrumentId, horizon: Horizon): Promise<PaperRows>;
  findForecast(id: string): Promise<Forecast | undefined>;
  /** The stored model input of a forecast. */
  findInput(forecast: Pick<Forecast, 'instrumentId' | 'modelId' | 'asOf'>): Promise<Uint8Array | undefined>;
}
