import { AppError } from '@candlecast/domain';
import type { PrismaClient } from '@candlecast/store';
import type { Caller } from './caller.ts';

/** A key is rotated now and then, not this often. */
const MOST_ROTATIONS = 100;

/**
 * Returns whose webhooks and alerts a caller sees, the one first that owns new ones: a visitor's workspace, or a key with the keys that it replaced, so that
 * they outlive a rotation. Throws UNAUTHENTICATED for anybody else.
 */
export async function ownersOf(caller: Caller, prisma: Pick<PrismaClient, 'apiKey'>): Promise<[string, ...string[]]> {
  if (caller.workspaceId !== undefined) return [`workspace:${caller.workspaceId}`];
  if (!caller.key) throw new AppError('UNAUTHENTICATED', 'webhooks and alerts belong to an API key or to a visitor of the web app');
  const owners: [string, ...string[]] = [`key:${caller.key.id}`];
  let ids = [caller.key.id];
  while (ids.length > 0 && owners.length < MOST_ROTATIONS) {
    ids = (await prisma.apiKey.findMany({ where: { replacedById: { in: ids } }, select: { id: true } })).map(({ id }) => id);
    owners.push(...ids.map((id) => `key:${id}`));
  }
  return owners;
}
