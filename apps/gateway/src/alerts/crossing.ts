import { type AlertDirection, addDecimals, type Crossed, type CrossingMemory, compareDecimals, subtractDecimals } from '@candlecast/domain';
import type { AlertChoice, Reading } from './alert-kind.ts';

/** Which ways through a level count, for the API. */
export const DIRECTION: AlertChoice = {
  name: 'AlertDirection',
  description: 'Which way through the level.',
  values: { UP: 'From below to above it.', DOWN: 'From above to below it.', EITHER: 'Both ways.' } satisfies Record<AlertDirection, string>,
};

/**
 * Takes the next value and says whether it went through its level in a way that counts. To be on the level is to be still where it was. After a
 * firing it fires again only once the value has been `margin` away from the level, on the side from which it can go through again: a value that
 * trembles around its level fires once.
 */
export function cross(
  memory: CrossingMemory | undefined,
  { value, level, margin, direction, before }: Omit<Reading, 'name' | 'tell'>,
): { readonly memory: CrossingMemory; readonly crossed: Crossed | undefined } {
  const known = memory ?? (before && { side: before, isArmed: true });
  const toLevel = compareDecimals(value, level);
  const side = toLevel > 0 ? 'ABOVE' : toLevel < 0 ? 'BELOW' : (known?.side ?? (direction === 'DOWN' ? 'ABOVE' : 'BELOW'));
  const went = !known || known.side === side ? undefined : side === 'ABOVE' ? 'UP' : 'DOWN';
  const crossed = known?.isArmed && (direction === 'EITHER' || direction === went) ? went : undefined;
  const isHighEnough = direction !== 'UP' && compareDecimals(value, addDecimals(level, margin)) >= 0;
  const isLowEnough = direction !== 'DOWN' && compareDecimals(value, subtractDecimals(level, margin)) <= 0;
  const wasArmed = crossed === undefined && (known?.isArmed ?? true);
  return { memory: { side, isArmed: wasArmed || isHighEnough || isLowEnough }, crossed };
}
