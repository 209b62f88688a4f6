import type { Model } from '@candlecast/domain';
import { fromInputBytes } from '../features/model-input.ts';
import type { Scaler } from '../models/scaler.ts';

/** A part of a stored input that the model scales by itself: floats from `offset` on, column by column, as often as they fit into `floats`. */
export interface ScaledPart {
  readonly offset: number;
  readonly floats: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Beyond so many deviations of its training a feature is foreign to a model. */
const FOREIGN_DEVIATIONS = 4;

/** Returns what a model card says of a scaled part. */
export function toScaledPart(offset: number, floats: number, { mean, std }: Scaler): ScaledPart {
  return { offset, floats, mean: [...mean], std: [...std] };
}

/** Returns the scaled parts of a model's inputs; none for a model that scales nothing. */
export function scaledPartsOf({ card }: Pick<Model, 'card'>): readonly ScaledPart[] {
  return Array.isArray(card.scaled) ? (card.scaled as ScaledPart[]) : [];
}

/** Returns the share of the scaled features of stored inputs that lie beyond four deviations; null without any. What is not known is passed over. */
export function clippedShare(parts: readonly ScaledPart[], inputs: readonly Uint8Array[]): number | null {
  let [known, clipped] = [0, 0];
  for (const bytes of inputs) {
    const input = fromInputBytes(bytes);
    for (const { offset, floats, mean, std } of parts) {
      for (let index = 0; index < floats; index++) {
        const column = index % mean.length;
        const deviations = ((input[offset + index] as number) - (mean[column] as number)) / (std[column] as number);
        if (Number.isNaN(deviations)) continue;
        known += 1;
        if (Math.abs(deviations) > FOREIGN_DEVIATIONS) clipped += 1;
      }
    }
  }
  return known === 0 ? null : clipped / known;
}
