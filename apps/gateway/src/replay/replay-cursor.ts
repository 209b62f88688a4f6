import { AppError, type EpochMs, type Known } from '@candlecast/domain';

/** A place in what became known: after the thing of this time and key. */
export type ReplayPlace = Pick<Known, 'time' | 'key'>;

/** After everything of its time: no key is larger. */
export const LAST_KEY = '~';

/** Returns the cursor of a place: base64url of `r1.<time>.<key>`. No other stream takes it. */
export function toReplayCursor({ time, key }: ReplayPlace): string {
  return Buffer.from(`r1.${time}.${key}`).toString('base64url');
}

/** Reads a cursor of a replay. Any other, a stream cursor too, throws CURSOR_INVALID. */
export function parseReplayCursor(text: string): ReplayPlace {
  const decoded = /^[A-Za-z0-9_-]{1,400}$/.test(text) ? Buffer.from(text, 'base64url').toString('utf8') : '';
  const [, time, key] = /^r1\.(\d{1,15})\.(.+)$/su.exec(decoded) ?? [];
  if (time === undefined || key === undefined) {
    throw new AppError('CURSOR_INVALID', `cursor "${text.slice(0, 60)}" is not a cursor of a replay`);
  }
  return { time: Number.parseInt(time, 10) as EpochMs, key };
}

/** Orders places. */
export function comparePlaces(a: ReplayPlace, b: ReplayPlace): number {
  return a.time - b.time || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
