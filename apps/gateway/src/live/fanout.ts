import type { LogEvent, LogPosition } from '@candlecast/domain';
import { type Cohort, type CohortSources, createCohort } from './cohort.ts';
import { type Ending, type HeartbeatClock, Member } from './member.ts';
import type { Outlet, Selection } from './outlet.ts';
import type { Topic } from './topic.ts';

/** A subscription that has caught up and from here on shares. */
export interface SharingRequest {
  readonly selection: Selection;
  readonly outlet: Outlet;
  readonly topics: readonly Topic<unknown>[];
  readonly throttleMs: number;
  /** Every durable event up to here has been sent; the ones after it follow. Nothing may be handed out between reading it and joining. */
  readonly reached?: LogPosition | undefined;
  readonly toEvent?: (event: LogEvent) => unknown;
  /** The clock of its heartbeats; without one there are none. */
  readonly clock?: HeartbeatClock;
}

/** A subscription's part in what is shared. */
export interface Membership {
  /** Resolves when it no longer shares. */
  readonly ended: Promise<Ending>;
  /** Every durable event up to here has been handed to its connection. */
  readonly reached: LogPosition;
  leave(): void;
}

/** Sends every event once executed and serialised to all who ask the same of it. */
export interface Fanout {
  join(request: SharingRequest): Membership;
  size(): FanoutSize;
}

/** How much is shared at the moment. */
export interface FanoutSize {
  readonly cohorts: number;
  readonly topics: number;
  readonly members: number;
  readonly queued: number;
}

const NOWHERE: LogPosition = { epoch: '', seq: -1 };
/** Heartbeats are looked after so many times in their period. */
const BEATS = 4;

/** A cohort with what its members call when they end. */
interface Shared {
  readonly cohort: Cohort;
  readonly onEnd: (member: Member) => void;
}

/** Returns a fan-out without members. It holds nothing while there are none. */
export function createFanout(sources: CohortSources): Fanout {
  const cohorts = new Map<string, Shared>();
  let beating: NodeJS.Timeout | undefined;

  function open(selection: Selection, toEvent: SharingRequest['toEvent']): Shared {
    const cohort = createCohort(selection, toEvent ?? (() => undefined), sources);
    const shared: Shared = {
      cohort,
      onEnd(member) {
        cohort.remove(member);
        if (cohort.isEmpty() && cohorts.get(cohort.key) === shared) drop(cohort);
      },
    };
    cohorts.set(cohort.key, shared);
    beating ??= setInterval(() => {
      for (const each of cohorts.values()) each.cohort.beat();
    }, sources.heartbeatMs / BEATS);
    return shared;
  }

  function drop(cohort: Cohort): void {
    cohort.close();
    cohorts.delete(cohort.key);
    if (cohorts.size > 0) return;
    clearInterval(beating);
    beating = undefined;
  }

  return {
    join({ selection, outlet, topics, throttleMs, reached = NOWHERE, toEvent, clock }) {
      const { cohort, onEnd } = cohorts.get(selection.key) ?? open(selection, toEvent);
      const member = new Member({ outlet, throttleMs, topics: topics.map(({ name }) => name), clock, reached }, onEnd);
      cohort.add(member, topics);
      return member;
    },
    size() {
      const sizes = [...cohorts.values()].map(({ cohort }) => cohort.size());
      const sum = (of: (size: ReturnType<Cohort['size']>) => number) => sizes.reduce((total, size) => total + of(size), 0);
      return {
        cohorts: cohorts.size,
        topics: sum(({ topics }) => topics),
        members: sum(({ members }) => members),
        queued: sum(({ queued }) => queued),
      };
    },
  };
}
