import type { RunMetrics } from '@candlecast/domain';

/** Parts of a model card that measure, and those that say how it was trained. */
const MEASURES = ['loss', 'parity', 'windows', 'bestEpoch', 'trainingMs'] as const;

/** Returns what a model card measured, by names such as "loss.validation". */
export function toRunMetrics(card: Readonly<Record<string, unknown>>): RunMetrics {
  return Object.fromEntries(MEASURES.flatMap((name) => namesOf(name, card[name])).filter(([, value]) => Number.isFinite(value)));
}

/** Returns the settings of a model card: texts, flags and numbers. */
export function toRunParameters({ settings }: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number | boolean>> {
  const entries = Object.entries(typeof settings === 'object' && settings !== null ? settings : {});
  return Object.fromEntries(entries.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)));
}

function namesOf(name: string, value: unknown): [string, number][] {
  if (typeof value === 'number') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => namesOf(`${name}.${key}`, inner));
}
