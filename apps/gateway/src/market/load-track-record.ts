import {
  type AsOf,
  type EpochMs,
  type ForecastReader,
  HORIZONS,
  type Horizon,
  type Model,
  type TrackRecord,
  toTrackRecord,
  type Venue,
} from '@candlecast/domain';
import type { Models } from './models.ts';
import { type TrackWindow, windowStart } from './track-window.ts';

/** Whose record is asked for, and of when. */
export interface TrackRecordRequest {
  readonly venue: Venue;
  readonly symbol: string | undefined;
  /** The model that is shown first when absent. */
  readonly modelId: number | undefined;
  /** Every horizon with a score when absent. */
  readonly horizon: Horizon | undefined;
  readonly window: TrackWindow;
  readonly now: EpochMs;
  readonly asOf: AsOf | undefined;
}

/** What a model's forecasts came to. */
export interface TrackRecords {
  /** Null where no model has issued. */
  readonly model: Model | null;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly horizons: readonly TrackRecord[];
}

/** Makes the track record of a model. */
export async function loadTrackRecord(
  { forecasts, models }: { readonly forecasts: ForecastReader; readonly models: Models },
  { venue, symbol, horizon, window, asOf, ...request }: TrackRecordRequest,
): Promise<TrackRecords> {
  const now = asOf?.at ?? request.now;
  const from = windowStart(window, now);
  const modelId = request.modelId ?? (await forecasts.findIssuingModels(venue, symbol, now))[0];
  if (modelId === undefined) return { model: null, from, to: now, horizons: [] };
  const model = await models.load(modelId);
  const rows = await forecasts.findTrackRows({ venue, symbol, modelId, horizons: horizon ? [horizon] : HORIZONS, from, now, asOf });
  const records = rows.map((row) => toTrackRecord(row.horizon, row.days, row));
  return { model, from, to: now, horizons: horizon ? records : records.filter(hasAnything) };
}

function hasAnything({ resolved, void: voided, missing, waiting }: TrackRecord): boolean {
  return resolved + voided + missing + waiting > 0;
}
