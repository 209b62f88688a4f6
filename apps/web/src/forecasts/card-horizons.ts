import type { Horizon } from '@candlecast/domain';

/** The horizons that have a card, shortest first. */
export const CARD_HORIZONS = ['30m', '1h', '2h', '4h', '6h', '12h'] as const satisfies readonly Horizon[];
export type CardHorizon = (typeof CARD_HORIZONS)[number];

/** Returns the horizon of that name if it has a card, else undefined. */
export function parseCardHorizon(text: string): CardHorizon | undefined {
  return CARD_HORIZONS.find((horizon) => horizon === text);
}
