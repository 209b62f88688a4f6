import type { EpochMs } from '@candlecast/domain';
import type { Channel } from './channel.ts';
import type { StreamKind } from './stream-name.ts';

type ChannelOf<W extends StreamKind['kind']> = Channel<Extract<StreamKind, { kind: W }>>;

/** The streams of one feed that somebody listens to, by name and by kind. */
export class ChannelSet {
  readonly #byName = new Map<string, Channel>();
  readonly #byKind = new Map<StreamKind['kind'], Channel[]>();

  get size(): number {
    return this.#byName.size;
  }

  find(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  add(channel: Channel): void {
    this.#byName.set(channel.name, channel);
    this.#byKind.set(channel.stream.kind, [...this.ofKind(channel.stream.kind), channel]);
  }

  remove(channel: Channel): void {
    this.#byName.delete(channel.name);
    const left = this.ofKind(channel.stream.kind).filter((other) => other !== channel);
    this.#byKind.set(channel.stream.kind, left);
  }

  /** Returns the channels of a kind, the oldest first. */
  ofKind<W extends StreamKind['kind']>(kind: W): readonly ChannelOf<W>[] {
    return (this.#byKind.get(kind) ?? NONE) as readonly ChannelOf<W>[];
  }

  /** Sends what faults have held back until `now`. */
  release(now: EpochMs): void {
    for (const channel of this.#byName.values()) channel.release(now);
  }
}

const NONE: readonly Channel[] = [];
