import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.ts';
import type { SessionPool } from './sql/session.ts';

export type { PrismaClient } from '../generated/prisma/client.ts';

/** Makes a Prisma client with its own connections. They run in UTC: the adapter drops the offset of a timestamp. */
export function createPrismaClient(url: string): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, options: '-c TimeZone=UTC' }) });
}

/** Makes a Prisma client on a pool whose sessions run in UTC. Disconnecting it leaves the pool open. */
export function toPrismaClient(pool: SessionPool['pool']): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool) });
}
