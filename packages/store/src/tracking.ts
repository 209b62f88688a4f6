import { AppError, type TrackingDesk, type TrackingLedger, type Venue } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findGrantedRows, freeLeases, setWantedRows } from './sql/tracking.ts';

/** Requests of a venue that wait for an answer at one time: more are refused. */
const MOST_WAITING = 100;

/** Returns where requests are handed in. */
export function createTrackingDesk({ prisma }: Pick<Database, 'prisma'>): TrackingDesk {
  return {
    async hand(request) {
      const waiting = await prisma.trackingRequest.count({ where: { venue: request.venue, answeredAt: null } });
      if (waiting >= MOST_WAITING)
        throw new AppError('RATE_LIMITED', `${waiting} tracking requests wait already, at most ${MOST_WAITING} may`);
      const { id } = await prisma.trackingRequest.create({ data: request, select: { id: true } });
      return id;
    },

    async findAnswer(requestId) {
      const row = await prisma.trackingRequest.findUnique({ where: { id: requestId } });
      if (!row?.answeredAt) return undefined;
      return { refusal: row.errorCode === null ? null : { code: row.errorCode, message: row.error ?? row.errorCode } };
    },
  };
}

/** Returns where requests are answered and the wanted instruments written down. */
export function createTrackingLedger({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): TrackingLedger {
  return {
    async findOpen(venue) {
      const rows = await prisma.trackingRequest.findMany({ where: { venue, answeredAt: null }, orderBy: { id: 'asc' }, take: 1_000 });
      return rows.map(({ id, symbol, action }) => ({ id, venue: venue as Venue, symbol, action }));
    },
    findGranted: async (venue) => new Map((await findGrantedRows(sessions, venue)).map(({ symbol, action }) => [symbol, action])),
    async findWanted(venue) {
      const rows = await prisma.ingestLease.findMany({ where: { venue }, select: { instrument: { select: { symbol: true } } } });
      return new Set(rows.map(({ instrument }) => instrument.symbol));
    },
    async answer(requestId, refusal) {
      await sessions.run(ANSWER, [requestId, refusal?.code ?? null, refusal?.message ?? null]);
    },
    free: (venue, memberId, symbols) => freeLeases(sessions, venue, memberId, symbols),
    setWanted: (venue, memberId, wanted, at) => sessions.transact((session) => setWantedRows(session, venue, memberId, wanted, at)),
  };
}

/** The database's wall time: Prisma has only this machine's. */
const ANSWER = {
  name: 'tracking-answer',
  text: 'update tracking_request set answered_at = clock_timestamp(), error_code = $2, error = $3 where id = $1 and answered_at is null',
};
