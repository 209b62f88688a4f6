import type { EpochMs } from '@candlecast/domain';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { OutFrame } from '../faults/harm-frame.ts';
import type { TimeUnit } from '../rest/json-text.ts';
import type { EventText } from './event-text.ts';
import type { Link } from './link.ts';
import type { StreamKind, StreamName } from './stream-name.ts';

/** How many frames a stream remembers while a fault replays them. */
const REMEMBERED = 512;

/** One stream with its listeners, and what was sent on it last. */
export class Channel<K extends StreamKind = StreamKind> {
  readonly name: string;
  readonly symbol: string;
  readonly stream: K;
  readonly links = new Set<Link>();
  /** The last slot of time in which it had its turn. */
  slot = -1;
  /** The last step of the book that it showed. */
  step: number | undefined;
  /** What was shown last, to send nothing twice. */
  shown = '';
  readonly #faults: FaultBoard;
  /** Frames that a fault holds back. */
  #held: OutFrame[] = [];
  readonly #recent: OutFrame[] = [];

  constructor({ name, symbol, stream }: StreamName & { readonly stream: K }, faults: FaultBoard) {
    this.name = name;
    this.symbol = symbol;
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

  /** Sends an event to every listener, as it is or as the armed faults make it. */
  emit(event: EventText, now: EpochMs, isClosing = false): void {
    if (this.#held.length === 0 && !this.#faults.touchesFrames) {
      this.#send({ event });
      return;
    }
    if (this.#faults.remembers(this.name, this.symbol)) this.#recent.push({ event });
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    const facts = { stream: this.name, symbol: this.symbol, isClosing, now, recent: this.#recent };
    const late = this.#held.filter(({ afterFrames }) => afterFrames !== undefined);
    this.#held = this.#held.filter(({ afterFrames }) => afterFrames === undefined);
    for (const frame of this.#faults.harm({ event }, facts)) {
      if (frame.dueAt === undefined && frame.afterFrames === undefined) this.#send(frame);
      else this.#held.push(frame);
    }
    for (const frame of late) {
      const afterFrames = (frame.afterFrames ?? 0) - 1;
      if (afterFrames > 0) this.#held.push({ ...frame, afterFrames });
      else this.#send(frame);
    }
  }

  /** Sends what a fault has held back until `now`. */
  release(now: EpochMs): void {
    if (this.#held.length === 0) return;
    const isDue = ({ dueAt }: OutFrame) => dueAt !== undefined && dueAt <= now;
    const due = this.#held.filter(isDue);
    this.#held = this.#held.filter((frame) => !isDue(frame));
    for (const frame of due) this.#send(frame);
  }

  #send({ event, mangle }: OutFrame): void {
    const texts: Partial<Record<TimeUnit, string>> = {};
    for (const link of this.links) {
      texts[link.unit] ??= event(link.unit);
      link.sendEvent(this.name, texts[link.unit] ?? '', mangle);
    }
  }
}
