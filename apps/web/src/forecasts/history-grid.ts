import { addMs, type EpochMs, HOUR_MS, MINUTE_MS, parseIso } from '@candlecast/domain';
import type { HistoryFields } from '../graphql/documents/forecasts.ts';
import { type Call, callOf, type Outcome, outcomeOf } from './call-of.ts';
import { CARD_HORIZONS, type CardHorizon } from './card-horizons.ts';

/** How far the grid reaches back, and how far its rows lie apart. */
export const GRID_MS = 3 * HOUR_MS;
export const GRID_STEP_MS = 15 * MINUTE_MS;

/** What was said at one moment about one horizon, and what came of it; undefined where nothing was. */
export interface GridCell {
  readonly id: string;
  readonly call: Call;
  readonly pUp: number;
  readonly outcome: Outcome;
}

export interface GridRow {
  readonly asOf: EpochMs;
  readonly cells: Readonly<Record<CardHorizon, GridCell | undefined>>;
}

type Said = Pick<HistoryFields, 'id' | 'horizon' | 'asOf' | 'pUp' | 'resolution'>;

/** Returns the first moment of the grid at `now`: what was issued from there on is on it. */
export function gridBegin(now: EpochMs): EpochMs {
  return addMs(lastStep(now), GRID_STEP_MS - GRID_MS);
}

/** Returns the rows of the last three hours, newest first: one every whole quarter of an hour, with the forecasts of that `asOf`. */
export function toHistoryGrid(forecasts: readonly Said[], now: EpochMs): readonly GridRow[] {
  const cells = new Map(forecasts.map((forecast) => [`${parseIso(forecast.asOf)} ${forecast.horizon}`, toCell(forecast)]));
  return Array.from({ length: GRID_MS / GRID_STEP_MS }, (_, index) => {
    const asOf = addMs(lastStep(now), -index * GRID_STEP_MS);
    const row = CARD_HORIZONS.map((horizon) => [horizon, cells.get(`${asOf} ${horizon}`)] as const);
    return { asOf, cells: Object.fromEntries(row) as GridRow['cells'] };
  });
}

function lastStep(now: EpochMs): EpochMs {
  return addMs(now, -(now % GRID_STEP_MS));
}

function toCell({ id, pUp, resolution }: Said): GridCell {
  return { id, call: callOf(pUp), pUp, outcome: outcomeOf(resolution) };
}
