// pg, not Prisma: a pass is a few statements over many alerts in one transaction that ends with the log.
import { type Alert, type AlertChange, type LogPosition, type NewAlert, type NewAlertFiring, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

type Runner = Pick<Session, 'run'>;

const CREATE = {
  name: 'alert-create',
  text: `
    insert into alert (owner, symbol, kind, rule, note, once, cooldown_ms, expires_at, created_epoch, created_seq)
    select $1, $2, $3, $4::jsonb, $5, $6, $7, $8::timestamptz, h.epoch, h.seq from event_log_head h
    where (select count(*) from alert a where a.owner = $1) < $9::integer
    returning id`,
};

/** Two of one owner wait for each other, or both would count the same. */
const LOCK_OWNER = { name: 'alert-lock-owner', text: `select pg_advisory_xact_lock(7224003, hashtext($1))` };

const COUNT_UP = { name: 'alert-count-up', text: 'update alert_desk set changes = changes + 1' };

/** Inserts an alert unless its owner has `most`; returns its id. Within a transaction. */
export async function insertAlert(session: Runner, alert: NewAlert, most: number): Promise<string | undefined> {
  const { owner, instrumentId, kind, rule, note, once, cooldownMs, expiresAt } = alert;
  await session.run(LOCK_OWNER, [owner]);
  const time = expiresAt === null ? null : toIso(expiresAt);
  const values = [owner, instrumentId, kind, JSON.stringify(rule), note, once, cooldownMs, time, most];
  const [row] = await session.run<{ id: string }>(CREATE, values);
  if (row) await session.run(COUNT_UP);
  return row?.id;
}

const REMOVE = { name: 'alert-remove', text: 'delete from alert where id = $1::uuid and owner = any ($2::text[]) returning id' };

/** Removes an alert; false when the owners have none of that id. Within a transaction. */
export async function removeAlert(session: Runner, id: string, owners: readonly string[]): Promise<boolean> {
  const gone = (await session.run(REMOVE, [id, owners])).length > 0;
  if (gone) await session.run(COUNT_UP);
  return gone;
}

const CHANGES = { name: 'alert-changes', text: 'select changes from alert_desk' };

/** Returns how often alerts were made or removed. */
export async function countAlertChanges(session: Runner): Promise<number> {
  const [row] = await session.run<{ changes: number }>(CHANGES);
  return row?.changes ?? 0;
}

const FIND = {
  name: 'alert-find',
  text: `
    select a.id, a.owner, a.symbol as "instrumentId", a.kind, a.rule, a.note, a.once, a.cooldown_ms as "cooldownMs", a.expires_at as "expiresAt",
      a.memory, a.last_fired_at as "lastFiredAt", a.created_epoch as epoch, a.created_seq as seq
    from alert a where a.state = 'ACTIVE' and webhook_owner_is_live(a.owner) order by a.id`,
};

/** Returns the active alerts whose owners are still there. */
export async function findActiveAlerts(session: Runner): Promise<Alert[]> {
  const rows = await session.run<Omit<Alert, 'createdAfter'> & LogPosition>(FIND);
  return rows.map(({ epoch, seq, ...alert }) => ({ ...alert, createdAfter: { epoch, seq } }));
}

const CHANGE = {
  name: 'alert-change',
  text: `
    update alert a set state = c.state::alert_state, memory = c.memory::jsonb, last_fired_at = c.last_fired_at,
      fired_count = a.fired_count + c.fired, ended_at = case when c.state <> 'ACTIVE' then clock_timestamp() end
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::integer[]) as c (id, state, memory, last_fired_at, fired)
    where a.id = c.id
    returning a.id`,
};

/** Writes down what became of alerts; returns the ids of those that are still there, which nobody can remove until the transaction ends. */
export async function saveChanges(
  session: Runner,
  changes: readonly AlertChange[],
  firings: readonly NewAlertFiring[],
): Promise<ReadonlySet<string>> {
  if (changes.length === 0) return new Set();
  const rows = await session.run<{ id: string }>(CHANGE, [
    changes.map(({ alertId }) => alertId),
    changes.map(({ state }) => state),
    changes.map(({ memory }) => memory && JSON.stringify(memory)),
    changes.map(({ lastFiredAt }) => (lastFiredAt === null ? null : toIso(lastFiredAt))),
    changes.map(({ alertId }) => firings.filter((firing) => firing.alertId === alertId).length),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const FIRE = {
  name: 'alert-fire',
  text: `
    insert into alert_firing (id, alert_id, source, at, crossed, value, level, reason)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[])
    on conflict do nothing returning id`,
};

/** Inserts firings of alerts that are there; returns the ids of those that are new. */
export async function insertFirings(session: Runner, firings: readonly NewAlertFiring[]): Promise<ReadonlySet<string>> {
  if (firings.length === 0) return new Set();
  const rows = await session.run<{ id: string }>(FIRE, [
    firings.map(({ id }) => id),
    firings.map(({ alertId }) => alertId),
    firings.map(({ source }) => source),
    firings.map(({ at }) => toIso(at)),
    firings.map(({ crossed }) => crossed),
    firings.map(({ value }) => value),
    firings.map(({ level }) => level),
    firings.map(({ reason }) => reason),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const FORGET_FIRINGS = {
  name: 'alert-forget-firings',
  text: `
    delete from alert_firing where id in (
      select id from alert_firing where created_at < clock_timestamp() - make_interval(secs => $1::double precision) limit $2::integer)
    returning id`,
};
const FORGET_ALERTS = {
  name: 'alert-forget',
  text: `delete from alert where state <> 'ACTIVE' and ended_at < clock_timestamp() - make_interval(secs => $1::double precision)`,
};
const REMOVED_AT_ONCE = 5_000;

/** Removes firings, some thousands at a time, and alerts that are over, older than `keepMs`; returns how many firings. */
export async function removeOldFirings(session: Runner, keepMs: number): Promise<number> {
  await session.run(FORGET_ALERTS, [keepMs / 1_000]);
  for (let removed = 0; ; ) {
    const gone = await session.run(FORGET_FIRINGS, [keepMs / 1_000, REMOVED_AT_ONCE]);
    removed += gone.length;
    if (gone.length < REMOVED_AT_ONCE) return removed;
  }
}
