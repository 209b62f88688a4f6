// pg, not Prisma: retries and the bound on what waits run on the database's clock inside their statements.
import type { DueWebhookDelivery, LogPosition, NewWebhookDelivery, Webhook, WebhookAttempt, WebhookPlan } from '@candlecast/domain';
import type { Session } from './session.ts';

type Runner = Pick<Session, 'run'>;

const CREATE = {
  name: 'webhook-create',
  text: `
    insert into webhook (owner, url, secret, events, symbols, intervals, created_epoch, created_seq)
    select $1, $2, $3, $4::text[], $5::text[], $6::text[], h.epoch, h.seq from event_log_head h
    where (select count(*) from webhook w where w.owner = $1) < $7::integer
    returning id`,
};

/** Two of one owner wait for each other, or both would count the same. */
const LOCK_OWNER = { name: 'webhook-lock-owner', text: `select pg_advisory_xact_lock(7224002, hashtext($1))` };

/** Inserts a webhook unless its owner has `most`; returns its id. Within a transaction. */
export async function insertWebhook(
  session: Runner,
  webhook: Omit<Webhook, 'id' | 'owners' | 'createdAfter'> & { owner: string; url: string; secret: string },
  most: number,
): Promise<string | undefined> {
  const { owner, url, secret, events, symbols, intervals } = webhook;
  await session.run(LOCK_OWNER, [owner]);
  const [row] = await session.run<{ id: string }>(CREATE, [owner, url, secret, events, symbols, intervals, most]);
  return row?.id;
}

const REDELIVER = {
  name: 'webhook-redeliver',
  text: `
    update webhook_delivery d set state = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(),
      expires_at = clock_timestamp() + interval '1 day'
    from webhook w where d.id = $1::uuid and w.id = d.webhook_id and w.owner = any ($2::text[]) returning d.id`,
};

/** Makes a delivery due again; false when the owners have none of that id. */
export async function requeueDelivery(session: Runner, deliveryId: string, owners: readonly string[]): Promise<boolean> {
  return (await session.run(REDELIVER, [deliveryId, owners])).length > 0;
}

const FIND = {
  name: 'webhook-find',
  text: `
    select w.id, owner_family(w.owner) as owners, w.events, w.symbols, w.intervals, w.created_epoch as epoch, w.created_seq as seq
    from webhook w where webhook_owner_is_live(w.owner) order by w.id`,
};

/** Returns the webhooks whose owners are still there. */
export async function findLiveWebhooks(session: Runner): Promise<Webhook[]> {
  const rows = await session.run<Omit<Webhook, 'createdAfter'> & LogPosition>(FIND);
  return rows.map(({ epoch, seq, ...webhook }) => ({ ...webhook, createdAfter: { epoch, seq } }));
}

const TELL = {
  name: 'webhook-tell',
  text: `
    insert into webhook_told (topic, key, value) select * from unnest($1::text[], $2::text[], $3::text[])
    on conflict (topic, key) do update set value = excluded.value`,
};

/** Notes what was told of values that are not in the log. */
export async function saveTold(session: Runner, told: WebhookPlan['told']): Promise<void> {
  if (told.length > 0) await session.run(TELL, [told.map((one) => one.topic), told.map((one) => one.key), told.map((one) => one.value)]);
}

/**
 * A webhook's waiting deliveries are counted up to the bound, in the index. Of what is new for it the first ones fit; the rest counts as
 * dropped. A webhook that was removed meanwhile gets nothing.
 */
const QUEUE = {
  name: 'webhook-queue',
  text: `
    with fresh as (
      select n.*, row_number() over (partition by n.webhook_id order by n.n) as rank
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) with ordinality as n (id, webhook_id, source, event, body, n)
      join webhook w on w.id = n.webhook_id
      where not exists (select from webhook_delivery d where d.webhook_id = n.webhook_id and d.source = n.source)
    ), room as (
      select f.webhook_id, $6::integer - (
        select count(*) from (
          select from webhook_delivery d where d.webhook_id = f.webhook_id and d.state = 'PENDING' limit $6::integer) waiting) as places
      from (select distinct webhook_id from fresh) f
    ), queued as (
      insert into webhook_delivery (id, webhook_id, source, event, body)
      select f.id, f.webhook_id, f.source, f.event, f.body from fresh f join room r using (webhook_id) where f.rank <= r.places order by f.n
      on conflict do nothing
    ), refused as (
      select f.webhook_id, count(*) as count from fresh f join room r using (webhook_id) where f.rank > r.places group by 1
    ), counted as (
      update webhook w set dropped = w.dropped + r.count from refused r where w.id = r.webhook_id
    )
    select coalesce(sum(count), 0)::bigint as dropped from refused`,
};

/** Queues deliveries that are not there yet and returns how many did not fit. */
export async function queueDeliveries(session: Runner, deliveries: readonly NewWebhookDelivery[], mostWaiting: number): Promise<number> {
  if (deliveries.length === 0) return 0;
  const [row] = await session.run<{ dropped: number }>(QUEUE, [
    deliveries.map(({ id }) => id),
    deliveries.map(({ webhookId }) => webhookId),
    deliveries.map(({ source }) => source),
    deliveries.map(({ event }) => event),
    deliveries.map(({ body }) => body),
    mostWaiting,
  ]);
  return row?.dropped ?? 0;
}

const DUE = {
  name: 'webhook-due',
  text: `
    select d.id, w.id as "webhookId", w.url, w.secret, d.body, d.attempts, d.expires_at <= clock_timestamp() as "isLast"
    from webhook w cross join lateral (
      select * from webhook_delivery d
      where webhook_owner_is_live(w.owner) and d.webhook_id = w.id and d.state = 'PENDING' and d.next_attempt_at <= clock_timestamp() and not d.id = any ($1::uuid[])
      order by d.next_attempt_at limit $2::integer) d
    order by d.next_attempt_at`,
};

/** Returns what is due, at most `perWebhook` each, but for what is under way. */
export function findDueDeliveries(session: Runner, underWay: readonly string[], perWebhook: number): Promise<DueWebhookDelivery[]> {
  return session.run<DueWebhookDelivery>(DUE, [underWay, perWebhook]);
}

const ATTEMPT = {
  name: 'webhook-attempt',
  text: `
    update webhook_delivery set attempts = attempts + 1, last_attempt_at = clock_timestamp(), last_status = $2, last_error = $3,
      state = case when $3::text is null then 'DELIVERED' when $4::double precision is null then 'DEAD' else 'PENDING' end::webhook_delivery_state,
      next_attempt_at = clock_timestamp() + make_interval(secs => coalesce($4::double precision, 0))
    where id = $1::uuid and state = 'PENDING'`,
};

/** Writes down how a try went. */
export async function saveAttemptRow(session: Runner, deliveryId: string, attempt: WebhookAttempt): Promise<void> {
  const { status, error, retryAfterMs } = attempt;
  await session.run(ATTEMPT, [deliveryId, status, error, retryAfterMs === null ? null : retryAfterMs / 1_000]);
}

const REMOVE = {
  name: 'webhook-remove-old',
  text: `
    delete from webhook_delivery where id in (
      select id from webhook_delivery
      where created_at < clock_timestamp() - make_interval(secs => $1::double precision)
        and (state <> 'PENDING' or expires_at < clock_timestamp() - make_interval(secs => $1::double precision)) limit $2::integer)
    returning id`,
};
const REMOVED_AT_ONCE = 5_000;

/** Removes what is over and older than `keepMs`, some thousands at a time; returns how many. */
export async function removeOldDeliveries(session: Runner, keepMs: number): Promise<number> {
  for (let removed = 0; ; ) {
    const gone = await session.run(REMOVE, [keepMs / 1_000, REMOVED_AT_ONCE]);
    removed += gone.length;
    if (gone.length < REMOVED_AT_ONCE) return removed;
  }
}
