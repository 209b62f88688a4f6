import type { Forecast, Model } from '../forecast.ts';
import type { Horizon } from '../horizon.ts';
import type { InstrumentId } from '../instrument.ts';
import type { Resolution } from '../resolution.ts';
import type { EpochMs } from '../time.ts';
import type { LedgerReader } from './ledger-store.ts';

/** A forecast that is about to be stored; the database adds `issuedAt` (venue's clock, same transaction) and the timing. */
export type NewForecast = Omit<Forecast, 'issuedAt' | 'timing' | 'id' | 'inputHash' | 'codeVersion' | 'ledgerSeq' | 'prevHash' | 'hash'>;

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
  /** Appends to the ledger and logs `forecast.issued`, one transaction. A forecast that is already there stays as it is. Returns them as stored. */
  appendForecasts(batches: readonly ForecastBatch[], deadlineMs: number): Promise<Forecast[]>;
}

/** Reads models and forecasts. */
export interface ForecastReader extends Pick<LedgerReader, 'findLedgerHead'> {
  findModels(): Promise<Model[]>;
  findModel(id: number): Promise<Model | undefined>;
  /** The newest forecast per (instrument, horizon): an LSTM's where there is one as new as the newest baseline's, else the baseline's. */
  findLatestForecasts(ids: readonly InstrumentId[], horizons: readonly Horizon[]): Promise<Forecast[]>;
  /** What came of these forecasts, in their order. */
  findResolutions(forecasts: readonly Forecast[]): Promise<(Resolution | null)[]>;
  findForecast(id: string): Promise<Forecast | undefined>;
  /** The stored model input of a forecast. */
  findInput(forecast: Pick<Forecast, 'instrumentId' | 'modelId' | 'asOf'>): Promise<Uint8Array | undefined>;
}
