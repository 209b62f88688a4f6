// pg, not Prisma: one statement gives and counts, so that processes never give more than the limit together.
import type { QuotaLease } from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

const LEASE = {
  name: 'quota-lease',
  text: `
    with w as (select date_bin('1 minute', clock_timestamp(), 'epoch') as start)
    insert into quota_bucket as b (subject, window_start, taken, granted)
    select $1, w.start, least($2::integer, $3::integer), least($2::integer, $3::integer) from w
    on conflict (subject) do update set
      window_start = greatest(b.window_start, excluded.window_start),
      granted = case when b.window_start < excluded.window_start then excluded.granted else greatest(least($2::integer, $3::integer - b.taken), 0) end,
      taken = case when b.window_start < excluded.window_start then excluded.taken else b.taken + greatest(least($2::integer, $3::integer - b.taken), 0) end
    returning granted, taken, window_start as "windowStart",
      greatest(extract(epoch from window_start + interval '1 minute' - clock_timestamp()) * 1000, 0)::double precision as "resetInMs"`,
};

/** Takes points of the running minute for a subject. */
export async function leasePoints(session: Reader, subject: string, wanted: number, limit: number): Promise<QuotaLease> {
  const [lease] = await session.run<QuotaLease>(LEASE, [subject, wanted, limit]);
  if (!lease) throw new RangeError('the database gave no lease');
  return lease;
}

const SWEEP = { name: 'quota-sweep', text: `delete from quota_bucket where window_start < clock_timestamp() - interval '1 hour'` };

/** Removes the buckets that nobody has asked for lately. */
export async function sweepQuotas(session: Reader): Promise<void> {
  await session.run(SWEEP);
}
