// No kept library fits: toxiproxy's npm package steers a Go program, and what else there is speaks HTTP only.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Which way a chunk goes: `up` to the server, `down` to the client. */
export type Direction = 'up' | 'down';

/** What a connection carries, by its first bytes. */
export type WireKind = 'websocket' | 'http' | 'other';

/** One connection through a line. */
export interface Wire {
  readonly kind: WireKind;
  readonly isOpen: boolean;
  /** Breaks both halves: without a word (FIN) or with a reset. */
  cut(how: CutHow): void;
}

export type CutHow = 'fin' | 'rst';

/** What becomes of a chunk that is not simply passed on. */
export interface Change {
  /** What is sent instead; nothing when empty. */
  readonly replace: Buffer;
  /** Breaks the connection after it. */
  readonly thenCut?: CutHow;
  /** Sends it in pieces of so many bytes, so many milliseconds apart. */
  readonly slice?: { readonly bytes: number; readonly gapMs: number };
}

export type Verdict = 'pass' | Change;

/** A fault on a line. It sees every chunk in order; the wire waits for its verdict. */
export interface Toxic {
  readonly name: string;
  onChunk(wire: Wire, direction: Direction, chunk: Buffer): Verdict | Promise<Verdict>;
}

/** A fault that was laid on a line, with what it has hit so far. */
export interface Applied {
  readonly hits: number;
  remove(): void;
}

/** A TCP line between a client and a server on 127.0.0.1, on which things go wrong on purpose. */
export interface FaultLine {
  readonly port: number;
  /** Connections that were ever made over it. */
  readonly connections: number;
  wires(kind?: WireKind): Wire[];
  /** Lays a fault on the line; a verdict other than `pass` counts as a hit. */
  apply(toxic: Toxic): Applied;
  /** Breaks the open connections of a kind (default all) and returns how many. */
  cut(how: CutHow, kind?: WireKind): number;
  /** Resets whoever connects from now on; counts them as hits. */
  refuse(): Applied;
  close(): Promise<void>;
}

/** Lays a line to `target`: a port, or what chooses one for each connection. */
export async function layFaultLine(target: number | (() => number)): Promise<FaultLine> {
  const wires = new Set<LiveWire>();
  const toxics = new Map<Toxic, { hits: number }>();
  const refusals = new Set<{ hits: number }>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (incoming) => {
    connections += 1;
    if (refusals.size > 0) {
      for (const refusal of refusals) refusal.hits += 1;
      incoming.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const port = typeof target === 'number' ? target : target();
    const wire = new LiveWire(incoming, connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }), judge);
    wires.add(wire);
    wire.onClose(() => wires.delete(wire));
  });
  const port = await listen(server);

  async function judge(wire: Wire, direction: Direction, chunk: Buffer): Promise<Change> {
    let change: Change = { replace: chunk };
    for (const [toxic, count] of [...toxics]) {
      const verdict = await toxic.onChunk(wire, direction, change.replace);
      if (verdict === 'pass') continue;
      count.hits += 1;
      change = { ...change, ...verdict };
      if (change.thenCut) break;
    }
    return change;
  }

  const wiresOf = (kind?: WireKind) => [...wires].filter((wire) => wire.isOpen && (kind === undefined || wire.kind === kind));

  return {
    port,
    get connections() {
      return connections;
    },
    wires: wiresOf,
    apply(toxic) {
      const count = { hits: 0 };
      toxics.set(toxic, count);
      return {
        get hits() {
          return count.hits;
        },
        remove: () => void toxics.delete(toxic),
      };
    },
    cut(how, kind) {
      const struck = wiresOf(kind);
      for (const wire of struck) wire.cut(how);
      return struck.length;
    },
    refuse() {
      const refusal = { hits: 0, remove: () => void refusals.delete(refusal) };
      refusals.add(refusal);
      return refusal;
    },
    async close() {
      for (const wire of wires) wire.cut('rst');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Judge = (wire: Wire, direction: Direction, chunk: Buffer) => Promise<Change>;

const RESET_AFTER_MS = 5;

class LiveWire implements Wire {
  kind: WireKind = 'other';
  readonly #incoming: Socket;
  readonly #outgoing: Socket;
  #isKnown = false;
  #isOpen = true;

  constructor(incoming: Socket, outgoing: Socket, judge: Judge) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#carry('up', incoming, outgoing, judge);
    this.#carry('down', outgoing, incoming, judge);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  cut(how: CutHow): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (how === 'rst') {
      this.#incoming.resetAndDestroy();
      this.#outgoing.resetAndDestroy();
    } else {
      this.#incoming.end(() => this.#incoming.destroy());
      this.#outgoing.destroy();
    }
  }

  onClose(listener: () => void): void {
    this.#incoming.once('close', listener);
  }

  /** Chunk by chunk, each only when the one before it has passed: the reader is held back meanwhile. */
  #carry(direction: Direction, from: Socket, to: Socket, judge: Judge): void {
    let passing = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      if (direction === 'up' && !this.#isKnown) this.#recognise(chunk);
      from.pause();
      passing = passing
        .then(() => this.#pass(direction, to, chunk, judge))
        .then(() => void from.resume())
        .catch(() => this.cut('rst'));
    });
    from.once('end', () => {
      passing = passing.then(() => void to.end());
    });
    from.on('error', () => this.#drop(to));
    from.once('close', () => {
      passing = passing.then(() => this.#drop(to));
    });
  }

  async #pass(direction: Direction, to: Socket, chunk: Buffer, judge: Judge): Promise<void> {
    const { replace, thenCut, slice } = await judge(this, direction, chunk);
    if (!this.#isOpen) return;
    const step = slice?.bytes ?? replace.length;
    let isFlushed = true;
    for (let at = 0; at < replace.length && this.#isOpen; at += step) {
      if (slice && at > 0) await delay(slice.gapMs);
      isFlushed = to.write(replace.subarray(at, at + step));
    }
    if (thenCut) {
      // A reset in the same breath as the data reaches the other side as a plain end.
      if (replace.length > 0) await delay(RESET_AFTER_MS);
      this.cut(thenCut);
    } else if (!isFlushed) {
      await new Promise<void>((resolve) => to.once('drain', resolve).once('close', resolve));
    }
  }

  #recognise(chunk: Buffer): void {
    this.#isKnown = true;
    const head = chunk.subarray(0, 2_048).toString('latin1');
    if (/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(head)) this.kind = /\r\nupgrade: *websocket/i.test(head) ? 'websocket' : 'http';
  }

  #drop(other: Socket): void {
    this.#isOpen = false;
    other.destroy();
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
