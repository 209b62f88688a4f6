import {
  type AlertBook,
  type AlertFiring,
  type AlertPass,
  type AlertRegister,
  AppError,
  alertKey,
  type NewAlertFiring,
  splitInstrumentId,
} from '@candlecast/domain';
import type { Database } from './database.ts';
import {
  countAlertChanges,
  findActiveAlerts,
  insertAlert,
  insertFirings,
  removeAlert,
  removeOldFirings,
  saveChanges,
} from './sql/alerts.ts';
import { appendEntries } from './sql/event-append.ts';
import { deskRow } from './sql/log-desks.ts';
import type { Session } from './sql/session.ts';

const DESK = deskRow('alert_desk');

/** Returns where clients keep their alerts. */
export function createAlertRegister({ sessions }: Pick<Database, 'sessions'>): AlertRegister {
  return {
    create: (alert, most) => sessions.transact((session) => insertAlert(session, alert, most)),
    remove: (id, owners) => sessions.transact((session) => removeAlert(session, id, owners)),
  };
}

/** Returns what the process that evaluates alerts works with. */
export function createAlertBook({ sessions }: Pick<Database, 'sessions'>): AlertBook {
  return {
    takeLease: (holder, forMs) => DESK.take(sessions, holder, forMs),
    dropLease: (token) => DESK.drop(sessions, token),
    countChanges: () => countAlertChanges(sessions),
    findAlerts: () => findActiveAlerts(sessions),
    savePass: (token, pass) =>
      sessions.transact(async (session) => {
        if (await DESK.move(session, token, pass.to)) return fire(session, pass);
        throw new AppError('lease_lost', `lease ${token} of the alerts is over: another process evaluates by now`);
      }),
    removeOld: (keepMs) => removeOldFirings(sessions, keepMs),
  };
}

/** The log comes last: its head is locked until the transaction ends. */
async function fire(session: Session, { changes, firings }: AlertPass): Promise<AlertFiring[]> {
  const there = await saveChanges(session, changes, firings);
  const fresh = await insertFirings(
    session,
    firings.filter(({ alertId }) => there.has(alertId)),
  );
  const stored = firings.filter(({ id }) => fresh.has(id));
  for (const [, [first, ...others]] of groupByVenue(stored)) {
    const at = Math.max(first.loggedAt, ...others.map(({ loggedAt }) => loggedAt)) as typeof first.loggedAt;
    const entries = [first, ...others].map(({ source: _, loggedAt: __, ...payload }) => payload);
    await appendEntries(
      session,
      at,
      entries.map((payload) => ({ topic: 'alert.fired', key: alertKey(payload.owner), payload })),
    );
  }
  return stored;
}

/** A venue has a clock of its own, and what is appended together has one time. */
function groupByVenue(firings: readonly NewAlertFiring[]): Map<string, [NewAlertFiring, ...NewAlertFiring[]]> {
  const groups = new Map<string, [NewAlertFiring, ...NewAlertFiring[]]>();
  for (const firing of firings) {
    const { venue } = splitInstrumentId(firing.instrumentId);
    const group = groups.get(venue);
    if (group) group.push(firing);
    else groups.set(venue, [firing]);
  }
  return groups;
}
