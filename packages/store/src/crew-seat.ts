import { AppError, type CrewSeat, type Lease, type SeatRequest } from '@candlecast/domain';
import type { Database } from './database.ts';
import {
  findLeases,
  findMembers,
  findStanding,
  holdPlace,
  joinCrew,
  leaveCrew,
  releaseLeases,
  renewMember,
  sweepMembers,
  takeDuty,
  takeLeases,
} from './sql/crew.ts';
import type { HeldLine } from './sql/session.ts';

/**
 * Returns a place among the processes that ingest a venue. It keeps one connection of the pool to itself: when the process is killed the
 * server notices at once. A broken connection is made anew with the next call and the place is kept, unless it was struck off meanwhile.
 */
export function createCrewSeat({ sessions }: Pick<Database, 'sessions'>, request: SeatRequest): CrewSeat {
  const { venue, name, address, onWake } = request;
  let memberId: number | undefined;
  let line: HeldLine | undefined;
  let kept: { readonly version: string; readonly leases: readonly Lease[] } = { version: '', leases: [] };

  async function onLine<T>(work: (line: HeldLine, memberId: number) => Promise<T>): Promise<T> {
    const opened = line ?? (await sessions.hold(onWake));
    try {
      if (opened !== line) {
        memberId ??= await joinCrew(opened, venue, name, address);
        await holdPlace(opened, memberId);
        line = opened;
      }
      return await work(opened, memberId ?? 0);
    } catch (cause) {
      opened.drop();
      line = undefined;
      throw cause;
    }
  }

  return {
    beat: (report) =>
      onLine(async (session, id) => {
        if (!(await renewMember(session, id, report))) {
          memberId = undefined;
          kept = { version: '', leases: [] };
          throw new AppError('crew_struck_off', `member ${id} was struck off: another place is taken`, { retryable: true });
        }
        const members = await findMembers(session, venue);
        const { dutyId, wanted, mineVersion } = await findStanding(session, venue, id);
        const isVacant = !members.some((member) => member.id === dutyId && member.isAlive);
        const hasDuty = dutyId === id || (isVacant && (await takeDuty(session, venue, id)));
        if (hasDuty && members.some(({ isAlive }) => !isAlive)) await sweepMembers(session, venue);
        if (mineVersion !== kept.version) kept = { version: mineVersion, leases: await findLeases(session, venue, id) };
        return { memberId: id, hasDuty, members, wanted, leases: kept.leases };
      }),

    take: (limit) => onLine((session, id) => takeLeases(session, venue, id, limit)),
    release: (ids) => onLine((session, id) => releaseLeases(session, id, ids)),

    async leave() {
      if (memberId === undefined) return;
      await onLine(leaveCrew);
      line?.drop();
      line = undefined;
    },
  };
}
