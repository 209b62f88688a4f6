import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.ts';
import type { SessionPool } from './sql/session.ts';

export type { PrismaClient } from '../generated/prisma/client.ts';

/** Makes a Prisma client on a pool whose sessions run in UTC (the adapter drops the offset of a timestamp). Disconnecting it leaves the pool open. */
export function toPrismaClient(pool: SessionPool['pool']): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool) });
}
