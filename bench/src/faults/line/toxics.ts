import { setTimeout as delay } from 'node:timers/promises';
import type { CutHow, Direction, Toxic, WireKind } from './fault-line.ts';

/** Which chunks a fault is about. */
export interface Target {
  readonly kind?: WireKind;
  readonly direction?: Direction;
}

/** Every chunk comes `delayMs` later. */
export function latency(delayMs: number, target: Target = {}): Toxic {
  return toxic('latency', target, async (chunk) => {
    await delay(delayMs);
    return { replace: chunk };
  });
}

/** No more than so many bytes a second come through: what is sent faster waits on its way. */
export function throttle(bytesASecond: number, target: Target = {}): Toxic {
  return toxic('throttle', target, async (chunk) => {
    await delay((chunk.length / bytesASecond) * 1_000);
    return { replace: chunk };
  });
}

/** Chunks come in at most twenty pieces of at least `bytes`, `gapMs` apart. */
export function slicer(bytes: number, gapMs: number, target: Target = {}): Toxic {
  return toxic('slicer', target, (chunk) =>
    chunk.length <= bytes ? 'pass' : { replace: chunk, slice: { bytes: Math.max(bytes, Math.ceil(chunk.length / 20)), gapMs } },
  );
}

/** The next `count` chunks (one a connection) end in their middle, and the connection with them: a frame that is cut in two. */
export function cutInside(how: CutHow, count: number, target: Target = {}): Toxic {
  let left = count;
  return toxic('cutInside', target, (chunk) => {
    if (left <= 0 || chunk.length < 16) return 'pass';
    left -= 1;
    return { replace: chunk.subarray(0, Math.floor(chunk.length / 2)), thenCut: how };
  });
}

/** A connection ends after `bytes` more of them, once. */
export function limitData(bytes: number, how: CutHow, target: Target = {}): Toxic {
  let left = bytes;
  let isDone = false;
  return toxic('limitData', target, (chunk) => {
    if (isDone) return 'pass';
    left -= chunk.length;
    if (left > 0) return 'pass';
    isDone = true;
    return { replace: chunk.subarray(0, Math.max(0, chunk.length + left)), thenCut: how };
  });
}

/** Connections that `isStruck` names stay open and carry nothing any more; it is asked for each chunk of the direction. */
export function halfOpen(isStruck: (wire: object) => boolean, direction?: Direction): Toxic {
  return {
    name: 'halfOpen',
    onChunk(wire, way) {
      return (direction === undefined || direction === way) && isStruck(wire) ? { replace: Buffer.alloc(0) } : 'pass';
    },
  };
}

/**
 * Runs `strike` when the `nth` COMMIT comes by on a database line: `before` it reaches the server (it never does, the connection is
 * cut), or `after` (it is carried out, and its answer is lost).
 */
export function atCommit(nth: number, side: 'before' | 'after', strike: () => void): Toxic {
  let seen = 0;
  const waiting = new Set<object>();
  return {
    name: 'atCommit',
    onChunk(wire, direction, chunk) {
      if (direction === 'down' && waiting.delete(wire)) {
        strike();
        return { replace: Buffer.alloc(0), thenCut: 'rst' };
      }
      if (direction !== 'up' || !isCommit(chunk)) return 'pass';
      seen += 1;
      if (seen !== nth) return 'pass';
      if (side === 'after') {
        waiting.add(wire);
        return 'pass';
      }
      strike();
      return { replace: Buffer.alloc(0), thenCut: 'rst' };
    },
  };
}

/** Calls `onRequest` with the path of each HTTP request; changes nothing. */
export function watchRequests(onRequest: (path: string) => void): Toxic {
  return {
    name: 'watchRequests',
    onChunk(wire, direction, chunk) {
      if (direction === 'up' && wire.kind === 'http') {
        const path = /^GET (\S+) HTTP/.exec(chunk.subarray(0, 512).toString('latin1'))?.[1];
        if (path !== undefined) onRequest(path);
      }
      return 'pass';
    },
  };
}

/** Calls `onChunk` with everything that comes over streams; changes nothing. */
export function watchStreams(onChunk: () => void): Toxic {
  return {
    name: 'watchStreams',
    onChunk(wire, direction, chunk) {
      if (direction === 'down' && wire.kind === 'websocket' && chunk.length > 0) onChunk();
      return 'pass';
    },
  };
}

/** Moves the end of a ban that an answer names by what `aheadMs` says: the exchange's wall clock may be ahead of everybody else's. */
export function translateBans(aheadMs: () => number): Toxic {
  return {
    name: 'translateBans',
    onChunk(wire, direction, chunk) {
      if (direction === 'up' || wire.kind !== 'http' || aheadMs() === 0 || !chunk.includes('banned until')) return 'pass';
      const text = chunk.toString('latin1').replace(/banned until (\d{13})/, (_, end: string) => {
        return `banned until ${Number.parseInt(end, 10) - Math.round(aheadMs())}`;
      });
      return { replace: Buffer.from(text, 'latin1') };
    },
  };
}

/** A simple query of PostgreSQL's protocol: 'Q', its length, the text and a zero. */
function isCommit(chunk: Buffer): boolean {
  return chunk.length < 64 && chunk[0] === 0x51 && /^commit\0/i.test(chunk.subarray(5).toString('latin1'));
}

function toxic(name: string, target: Target, judge: (chunk: Buffer) => ReturnType<Toxic['onChunk']>): Toxic {
  return { name, onChunk: (wire, direction, chunk) => (matches(target, wire.kind, direction) ? judge(chunk) : 'pass') };
}

function matches(target: Target, kind: WireKind, direction: Direction): boolean {
  return (target.kind === undefined || target.kind === kind) && (target.direction === undefined || target.direction === direction);
}
