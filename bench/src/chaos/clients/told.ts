import type { CandleStreamEvent } from '@candlecast/client';

/** An event that must reach whoever subscribes to its key, exactly once. */
export type DurableEvent = Extract<CandleStreamEvent, { readonly kind: 'closed' | 'correction' | 'gap' }>;

/** What has been told of one place in the log to the subscribers of one interval. */
export interface Told {
  readonly seq: number;
  readonly interval: string;
  readonly event: DurableEvent;
  /** Which gateways have told it. */
  readonly gateways: Set<number>;
  readonly text: string;
}

/** Everything that clients were told, each thing once. */
export interface Telling {
  /** Notes what `gateway` told somebody; returns what is wrong when it was told otherwise before. */
  note(seq: number, interval: string, event: DurableEvent, gateway: number): string | undefined;
  /** Returns what was told, in no order. */
  all(): Iterable<Told>;
}

/** Returns a telling that is empty. */
export function createTelling(): Telling {
  const told = new Map<string, Told>();
  return {
    note(seq, interval, event, gateway) {
      const name = `${seq}@${interval}`;
      const text = JSON.stringify(event);
      const before = told.get(name);
      if (!before) {
        told.set(name, { seq, interval, event, gateways: new Set([gateway]), text });
        return undefined;
      }
      before.gateways.add(gateway);
      return before.text === text ? undefined : `told in two ways: ${text} and ${before.text}`;
    },
    all: () => told.values(),
  };
}
