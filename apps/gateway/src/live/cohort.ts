import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LogEvent, type LogPosition, toStreamCursor } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { EventHub } from './event-hub.ts';
import { CONFLATE_BYTES, type Ending, type HeartbeatClock, type Member } from './member.ts';
import type { Renderer, Selection } from './outlet.ts';
import { type FanoutCounts, openRoom, type Room, type RoomSide } from './room.ts';
import type { StreamHeartbeatEvent } from './stream-events.ts';
import type { Topic } from './topic.ts';

/** What cohorts are made from. */
export interface CohortSources {
  readonly hub: EventHub;
  readonly counts: FanoutCounts;
  readonly logger: Logger;
  /** Pieces of work that may wait before everybody is sent back to the log. */
  readonly queueCapacity: number;
  readonly unsentLimit: number;
  readonly heartbeatMs: number;
}

/** All subscriptions of one selection, whatever topics they follow: one queue, so that each gets the events of all its topics in log order. */
export interface Cohort {
  /** That of its selection. */
  readonly key: string;
  add(member: Member, topics: readonly Topic<unknown>[]): void;
  /** Takes a member out of its topics. */
  remove(member: Member): void;
  isEmpty(): boolean;
  /** Sends a heartbeat to members that have been silent for long enough. */
  beat(): void;
  size(): { readonly members: number; readonly topics: number; readonly queued: number };
  close(): void;
}

/**
 * How long a cohort works before sockets, timers and other cohorts get their turn, in milliseconds. Frames leave at the end of it: with 5 ms the
 * frames of a socket that follows twenty symbols took more writes, and a delivery cost half as much again.
 */
const TURN_MS = 25;

/** Returns a cohort without members. `toEvent` turns a log entry into an event; undefined for what the selection leaves out. */
export function createCohort(selection: Selection, toEvent: (event: LogEvent) => unknown, sources: CohortSources): Cohort {
  const { hub, counts, logger } = sources;
  const members = new Set<Member>();
  const rooms = new Map<string, Room>();
  let work: (() => Promise<void>)[] = [];
  let isRunning = false;
  let isClosed = false;
  let renderer: Promise<Renderer> | undefined;

  async function render(event: unknown): Promise<string> {
    renderer ??= selection.open();
    counts.executed();
    return (await renderer).render(event);
  }

  function enqueue(kind: 'durable' | 'latest' | 'flow', piece: () => Promise<void>): void {
    if (isClosed) return;
    if (kind !== 'latest' && work.length >= sources.queueCapacity) {
      if (kind === 'flow') counts.dropped(1);
      else {
        counts.fellBehind(members.size);
        endAll({ kind: 'behind' });
      }
      return;
    }
    work.push(piece);
    if (!isRunning) void run();
  }

  async function run(): Promise<void> {
    isRunning = true;
    try {
      for (let turnEndsAt = performance.now() + TURN_MS; work.length > 0; ) {
        const batch = work;
        work = [];
        for (const piece of batch) {
          if (isClosed) return;
          await piece();
          if (performance.now() < turnEndsAt) continue;
          await nextTurn();
          turnEndsAt = performance.now() + TURN_MS;
        }
      }
    } catch (cause) {
      if (!isClosed) logger.warn({ err: cause }, 'executing an event for all its subscribers failed, each goes on by itself');
      endAll({ kind: 'unshared' });
    } finally {
      isRunning = false;
    }
  }

  function endAll(ending: Ending): void {
    work = [];
    for (const member of [...members]) member.end(ending);
  }

  const side: RoomSide = {
    hub,
    counts,
    unsentLimit: sources.unsentLimit,
    toEvent,
    render,
    enqueue,
    fallBehind(member) {
      counts.fellBehind(1);
      member.end({ kind: 'behind' });
    },
    restart: (reason) => endAll({ kind: 'restart', reason }),
  };

  async function sendHeartbeats(clock: HeartbeatClock, quiet: readonly Member[]): Promise<void> {
    const at = await clock.now();
    const position = hub.position();
    if (!position) return;
    const event: StreamHeartbeatEvent = { __typename: 'StreamHeartbeat', at, cursor: toStreamCursor(position) };
    enqueue('latest', async () => {
      const payload = await render(event);
      const sent = quiet.filter((member) => sendHeartbeat(member, payload, position));
      counts.delivered(sent.length);
    });
  }

  return {
    key: selection.key,
    add(member, topics) {
      members.add(member);
      for (const topic of topics) {
        const room = rooms.get(topic.name) ?? openRoom(topic, side);
        rooms.set(topic.name, room);
        room.add(member);
      }
    },
    remove(member) {
      members.delete(member);
      for (const name of member.topics) {
        const room = rooms.get(name);
        room?.remove(member);
        if (!room?.isEmpty()) continue;
        room.close();
        rooms.delete(name);
      }
    },
    isEmpty: () => members.size === 0,
    beat() {
      const now = performance.now();
      const quiet = new Map<string, { clock: HeartbeatClock; members: Member[] }>();
      for (const member of members) {
        if (!member.clock || now - member.lastSentAt < sources.heartbeatMs) continue;
        member.lastSentAt = now;
        const sameClock = quiet.get(member.clock.name) ?? { clock: member.clock, members: [] };
        quiet.set(member.clock.name, sameClock);
        sameClock.members.push(member);
      }
      for (const { clock, members: silent } of quiet.values()) void sendHeartbeats(clock, silent);
    },
    size: () => ({ members: members.size, topics: rooms.size, queued: work.length }),
    close() {
      isClosed = true;
      work = [];
      renderer?.then(
        (open) => open.close(),
        () => undefined, // it never opened: whoever waited for it was told
      );
    },
  };
}

/** A heartbeat says that everything up to its cursor has been sent: it goes to nobody who has gone on, or whose connection is full. */
function sendHeartbeat(member: Member, payload: string, position: LogPosition): boolean {
  if (member.isOver || position.seq < member.seq || member.outlet.unsentBytes() > CONFLATE_BYTES) return false;
  member.outlet.send(payload);
  member.moveTo(position);
  return true;
}
