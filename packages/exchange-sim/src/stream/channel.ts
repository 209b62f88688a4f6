import type { EpochMs } from '@candlecast/domain';
import type { FaultBoard } from '../faults.ts';
import type { TimeUnit } from '../rest/json-text.ts';
import type { EventText } from './event-text.ts';
import type { Link } from './link.ts';
import type { StreamKind, StreamName } from './stream-name.ts';

/** One stream with its listeners, and what was sent on it last. */
export class Channel<K extends StreamKind = StreamKind> {
  readonly name: string;
  readonly stream: K;
  readonly links = new Set<Link>();
  /** The last slot of time in which it had its turn. */
  slot = -1;
  /** The last step of the book that it showed. */
  step: number | undefined;
  /** What was shown last, to send nothing twice. */
  shown = '';
  /** Closing frames that a fault holds back. */
  readonly held: { readonly dueAt: EpochMs; readonly send: (now: EpochMs) => void }[] = [];
  readonly #faults: FaultBoard;

  constructor({ name, stream }: StreamName & { readonly stream: K }, faults: FaultBoard) {
    this.name = name;
    this.stream = stream;
    this.#faults = faults;
  }

  /** Tells whether the stream is of that kind. */
  is<W extends StreamKind['kind']>(kind: W): this is Channel<Extract<StreamKind, { kind: W }>> {
    return this.stream.kind === kind;
  }

  /** Returns true once per slot of `everyMs`. */
  takesTurn(now: number, everyMs: number): boolean {
    const slot = Math.floor(now / everyMs);
    const isNew = slot !== this.slot;
    this.slot = slot;
    return isNew;
  }

  /** Sends an event to every listener, unless a fault mutes the stream. */
  emit(event: EventText): void {
    if (this.#faults.isMuted(this.name)) return;
    const texts: Partial<Record<TimeUnit, string>> = {};
    for (const link of this.links) {
      texts[link.unit] ??= event(link.unit);
      link.sendEvent(this.name, texts[link.unit] ?? '');
    }
  }
}
