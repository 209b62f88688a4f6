// pg, not Prisma: times are measured by the database's own clock, and a rotation is one statement.
import { type NewKey, type StoredKey, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

const COLUMNS = `
  id, prefix, sha256, name, scopes::text[] as scopes, revoked_at is not null as "isRevoked",
  (extract(epoch from expires_at - clock_timestamp()) * 1000)::double precision as "expiresInMs"`;

const BY_PREFIX = { name: 'key-by-prefix', text: `select ${COLUMNS} from api_key where prefix = $1` };

/** Finds a key by its beginning. */
export async function findKeyByPrefix(session: Reader, prefix: string): Promise<StoredKey | undefined> {
  return (await session.run<StoredKey>(BY_PREFIX, [prefix]))[0];
}

const USABLE = {
  name: 'keys-usable',
  text: `
    select ${COLUMNS} from api_key
    where id = any ($1::uuid[]) and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
};

/** Returns those of the keys that are neither revoked nor at their end. */
export function findUsableKeys(session: Reader, ids: readonly string[]): Promise<StoredKey[]> {
  return session.run(USABLE, [ids]);
}

const CREATE = {
  name: 'key-create',
  text: 'insert into api_key (prefix, sha256, name, scopes, expires_at) values ($1, $2, $3, $4::api_scope[], $5::timestamptz) returning id',
};

/** Stores a key and returns its id. */
export async function insertKey(session: Reader, { prefix, sha256, name, scopes, expiresAt }: NewKey): Promise<string> {
  const [row] = await session.run<{ id: string }>(CREATE, [prefix, sha256, name, scopes, expiresAt === null ? null : toIso(expiresAt)]);
  if (!row) throw new RangeError('the database stored no key');
  return row.id;
}

// The new row first: the old one refers to it. A key without an end passes that on; one with an end gives its successor the same time to live.
const ROTATE = {
  name: 'key-rotate',
  text: `
    with old as (
      select * from api_key
      where id = $1::uuid and revoked_at is null and replaced_by is null and (expires_at is null or expires_at > clock_timestamp())
      for update
    ), fresh as (
      insert into api_key (prefix, sha256, name, scopes, expires_at)
      select $2, $3, name, scopes, clock_timestamp() + (expires_at - created_at) from old returning id
    )
    update api_key k
    set replaced_by = fresh.id, expires_at = least(k.expires_at, clock_timestamp() + $4::double precision * interval '1 millisecond')
    from fresh where k.id = $1::uuid returning fresh.id`,
};

/** Stores the successor of a key, and gives the old one its end. */
export async function rotateKey(
  session: Reader,
  id: string,
  { prefix, sha256 }: Pick<NewKey, 'prefix' | 'sha256'>,
  overlapMs: number,
): Promise<string | undefined> {
  return (await session.run<{ id: string }>(ROTATE, [id, prefix, sha256, overlapMs]))[0]?.id;
}

const REVOKE = {
  name: 'key-revoke',
  text: 'update api_key set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1::uuid returning id',
};

/** Ends a key at once. */
export async function revokeKey(session: Reader, id: string): Promise<boolean> {
  return (await session.run(REVOKE, [id])).length > 0;
}

const NOTE_USE = {
  name: 'keys-note-use',
  text: `
    update api_key k set used_points = k.used_points + u.points, last_used_at = clock_timestamp()
    from unnest($1::uuid[], $2::bigint[]) as u (id, points) where k.id = u.id`,
};

/** Adds points to what keys have spent. */
export async function noteKeyUse(session: Reader, points: ReadonlyMap<string, number>): Promise<void> {
  await session.run(NOTE_USE, [[...points.keys()], [...points.values()]]);
}
