import type { CrewMember } from '@candlecast/domain';

/** How many instruments a process should take or give back. At most one of the two is not zero. */
export interface Share {
  readonly take: number;
  readonly release: number;
}

/**
 * Returns what member `memberId` should do, which keeps `kept` of `wanted` instruments: the living share them evenly, and the oldest get what
 * does not divide. Nothing moves but what an uneven spread makes move.
 */
export function planShare(wanted: number, members: readonly Pick<CrewMember, 'id' | 'isAlive'>[], memberId: number, kept: number): Share {
  const living = members.filter(({ isAlive }) => isAlive).map(({ id }) => id);
  const place = living.indexOf(memberId);
  if (place < 0) return { take: 0, release: 0 };
  const fair = Math.floor(wanted / living.length) + (place < wanted % living.length ? 1 : 0);
  return { take: Math.max(0, fair - kept), release: Math.max(0, kept - fair) };
}
