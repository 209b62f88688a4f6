import type { LogEvent, LogPosition } from '@candlecast/domain';

/** Why no position before can be continued: the log was made anew, or its front is gone and with it what comes next. */
export type RestartReason = 'CURSOR_EPOCH_MISMATCH' | 'CURSOR_EXPIRED';

/** A subscription's ear. Both calls return at once and never throw. */
export interface HubListener {
  accept(event: LogEvent): void;
  /** What comes next is not known: a new snapshot is needed. */
  restart(reason: RestartReason): void;
}

/** Hands every durable event to the subscriptions that listen to its key, in log order. */
export interface EventHub {
  /** Listens to `keys` from now on; the returned function ends it. */
  join(keys: readonly string[], listener: HubListener): () => void;
  /** Everything up to here has been handed out; undefined until the log could be read for the first time. */
  position(): LogPosition | undefined;
}

/** The side of the hub that the log follower feeds. */
export interface EventHubInput {
  moveTo(position: LogPosition): void;
  dispatch(event: LogEvent): void;
  restart(position: LogPosition, reason: RestartReason): void;
}

/** Returns an empty hub. Delivery is synchronous: after `dispatch` every listener's queue holds the event. */
export function createEventHub(): EventHub & EventHubInput {
  const rooms = new Map<string, Set<HubListener>>();
  let reached: LogPosition | undefined;
  return {
    join(keys, listener) {
      for (const key of keys) {
        const room = rooms.get(key) ?? new Set();
        rooms.set(key, room.add(listener));
      }
      return () => {
        for (const key of keys) {
          const room = rooms.get(key);
          room?.delete(listener);
          if (room?.size === 0) rooms.delete(key);
        }
      };
    },
    position: () => reached,
    moveTo(position) {
      reached = position;
    },
    dispatch(event) {
      for (const listener of [...(rooms.get(event.key) ?? [])]) listener.accept(event);
      reached = { epoch: event.epoch, seq: event.seq };
    },
    restart(position, reason) {
      reached = position;
      for (const listener of new Set([...rooms.values()].flatMap((room) => [...room]))) listener.restart(reason);
    },
  };
}
