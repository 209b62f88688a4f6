import type { Turn } from './take-turns.ts';

/** What a subscription selects of its events. Events are executed and serialised once for all subscriptions of the same key. */
export interface Selection {
  /** The same for everybody who gets the same bytes for the same event. */
  readonly key: string;
  /** Begins to execute events through the pipeline that every request runs through. */
  open(): Promise<Renderer>;
}

/** Turns events into what subscribers get, one after the other. */
export interface Renderer {
  /** Returns the serialised result of one event as its UTF-8 bytes, one a character; call it again only once it has resolved. */
  render(event: unknown): Promise<string>;
  close(): void;
}

/** The way of one subscription's shared events to its client, on a transport that can send them past the subscription's own execution. */
export interface Outlet extends Turn {
  /**
   * Tells what the subscription selects. `personalArgs` are arguments of the field that do not change how an event of a topic looks;
   * undefined when its events cannot be shared.
   */
  select(personalArgs: readonly string[]): Selection | undefined;
  /** Sends a serialised result; never blocks. */
  send(payload: string): void;
  /** What the connection holds because its client has not taken it, in bytes. */
  unsentBytes(): number;
  /** Calls back once, when the client has taken everything. Call it only while something is unsent. */
  whenDrained(listener: () => void): void;
}
