import type { EpochMs, LogPosition } from '@candlecast/domain';
import type { RestartReason } from './event-hub.ts';
import type { Outlet } from './outlet.ts';

/** Why a subscription no longer gets shared events. */
export type Ending =
  | { readonly kind: 'left' }
  /** It did not keep up with durable events: what it missed is in the log after its position. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'restart'; readonly reason: RestartReason }
  /** Its events could not be executed for all: it goes on by itself. */
  | { readonly kind: 'unshared' };

/** The clock of heartbeats: members of one name get the same one. */
export interface HeartbeatClock {
  readonly name: string;
  now(): Promise<EpochMs>;
}

/** A subscription among those that share. There may be hundreds of thousands: what they have in common is kept once. */
export class Member {
  readonly outlet: Outlet;
  readonly throttleMs: number;
  /** Names of the topics that it follows. */
  readonly topics: readonly string[];
  /** Undefined: it gets no heartbeats. */
  readonly clock: HeartbeatClock | undefined;
  /** Resolves when it no longer shares. */
  readonly ended: Promise<Ending>;
  /** Where it stands in the log: every durable event of `epoch` up to `seq` has been handed to its connection. */
  epoch: string;
  seq: number;
  /** When it was last sent anything, on the monotonic clock. */
  lastSentAt = performance.now();
  /** Newest values that its connection had no room for, each with what sends it; undefined while it keeps up. */
  missed: Map<string, () => void> | undefined = undefined;
  isOver = false;
  #onEnd: (member: Member) => void;
  #resolve: (ending: Ending) => void = () => undefined;

  constructor(request: MemberRequest, onEnd: (member: Member) => void) {
    this.outlet = request.outlet;
    this.throttleMs = request.throttleMs;
    this.topics = request.topics;
    this.clock = request.clock;
    this.epoch = request.reached.epoch;
    this.seq = request.reached.seq;
    this.#onEnd = onEnd;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get reached(): LogPosition {
    return { epoch: this.epoch, seq: this.seq };
  }

  /** The number, not the position itself: to point at something new in every member is work for the garbage collector at every event. */
  moveTo(position: LogPosition): void {
    this.seq = position.seq;
    if (this.epoch !== position.epoch) this.epoch = position.epoch;
  }

  leave(): void {
    this.end({ kind: 'left' });
  }

  end(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#onEnd(this);
    this.#resolve(ending);
  }
}

type MemberRequest = Pick<Member, 'outlet' | 'throttleMs' | 'topics' | 'clock' | 'reached'>;

/** Unsent bytes above which newest values wait for the connection to drain. */
export const CONFLATE_BYTES = 64 * 1024;

/** Hands a durable event to a member that has not had it; false when its connection holds too much already. */
export function sendDurable(member: Member, payload: string, position: LogPosition, unsentLimit: number, now: number): boolean {
  if (member.outlet.unsentBytes() > unsentLimit) return false;
  member.outlet.send(payload);
  member.moveTo(position);
  member.lastSentAt = now;
  return true;
}

/** Hands a newest value to a member, or has `again` called when its connection has drained; tells whether it was sent now. */
export function sendLatest(member: Member, payload: string, key: string, again: () => void, now: number): boolean {
  if (member.missed || member.outlet.unsentBytes() > CONFLATE_BYTES) {
    if (!member.missed) {
      member.missed = new Map();
      member.outlet.whenDrained(() => sendMissed(member));
    }
    member.missed.set(key, again);
    return false;
  }
  member.outlet.send(payload);
  member.lastSentAt = now;
  return true;
}

function sendMissed(member: Member): void {
  const { missed } = member;
  member.missed = undefined;
  for (const again of missed?.values() ?? []) again();
}
