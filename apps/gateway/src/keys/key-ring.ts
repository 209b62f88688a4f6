import { setTimeout as delay } from 'node:timers/promises';
import { AppError, type KeyStore, type StoredKey } from '@candlecast/domain';
import { hasHash, parseKey } from '@candlecast/identity';
import type { Logger } from '@candlecast/telemetry';

/** The keys that are in use at this process. */
export interface KeyRing {
  /** Returns the key if it may be used. Rejects with UNAUTHENTICATED; a mistyped key is refused without the database. */
  open(text: string): Promise<StoredKey>;
  /** Calls `onEnd` once, seconds after the key was revoked or has ended. Returns how to stop watching. */
  watch(keyId: string, onEnd: () => void): () => void;
  /** Counts points that a key has spent. They are written down a few seconds later. */
  noteUse(keyId: string, points: number): void;
  /** Resolves when the ring's work has ended after `signal`; what was counted is written by then. */
  readonly done: Promise<void>;
}

/** What a ring is made of. Times are this machine's, in milliseconds. */
export interface KeyRingOptions {
  readonly store: KeyStore;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** For so long an answer of the database is believed: a revoked key ends within about twice this time. */
  readonly believeMs?: number;
}

const BELIEVE_MS = 2_000;
/** Only keys that are right are remembered, so their number is the bound in practice; this one is for safety. */
const MOST_REMEMBERED = 10_000;
const WRONG = 'the API key is not known';

interface Remembered {
  readonly found: Promise<StoredKey | undefined>;
  readonly at: number;
}

/** Returns the ring; its background work ends with `signal`. */
export function createKeyRing({ store, logger, signal, believeMs = BELIEVE_MS }: KeyRingOptions): KeyRing {
  const remembered = new Map<string, Remembered>();
  const watchers = new Map<string, Set<() => void>>();
  let used = new Map<string, number>();

  async function find(prefix: string, sha256: string): Promise<StoredKey | undefined> {
    const known = remembered.get(sha256);
    if (known && performance.now() - known.at < believeMs) return agedBy(await known.found, performance.now() - known.at);
    const found = store.findByPrefix(prefix);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(sha256, { found, at: performance.now() });
    const key = await found.catch((cause: unknown) => {
      remembered.delete(sha256);
      throw cause;
    });
    if (!key) remembered.delete(sha256);
    return key;
  }

  async function endWatched(): Promise<void> {
    const ids = [...watchers.keys()];
    if (ids.length === 0) return;
    const usable = new Set((await store.findUsable(ids)).map(({ id }) => id));
    for (const id of ids.filter((one) => !usable.has(one))) {
      const ended = watchers.get(id) ?? [];
      watchers.delete(id);
      for (const onEnd of ended) onEnd();
    }
  }

  async function writeUse(): Promise<void> {
    const points = used;
    used = new Map();
    await store.noteUse(points).catch((cause: unknown) => {
      for (const [id, count] of points) noteUse(id, count);
      throw cause;
    });
  }

  function noteUse(keyId: string, points: number): void {
    used.set(keyId, (used.get(keyId) ?? 0) + points);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await delay(believeMs, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
      await Promise.all([signal.aborted ? undefined : endWatched(), writeUse()]).catch((cause: unknown) =>
        logger.warn({ err: cause }, 'looking after the API keys failed; it is tried again'),
      );
    }
  }

  return {
    async open(text) {
      const parsed = parseKey(text);
      if (!parsed.ok) throw parsed.error;
      const stored = await find(parsed.value.prefix, parsed.value.sha256);
      if (!stored || !hasHash(parsed.value, stored.sha256)) throw new AppError('UNAUTHENTICATED', WRONG);
      if (stored.isRevoked) throw new AppError('UNAUTHENTICATED', `the API key ${stored.prefix}… was revoked`);
      if (stored.expiresInMs !== null && stored.expiresInMs <= 0) {
        throw new AppError('UNAUTHENTICATED', `the API key ${stored.prefix}… has ended`);
      }
      return stored;
    },
    watch(keyId, onEnd) {
      const ofKey = watchers.get(keyId) ?? new Set();
      watchers.set(keyId, ofKey.add(onEnd));
      return () => {
        ofKey.delete(onEnd);
        if (ofKey.size === 0 && watchers.get(keyId) === ofKey) watchers.delete(keyId);
      };
    },
    noteUse,
    done: run(),
  };
}

/** What is remembered of a key does not let it live longer. */
function agedBy(key: StoredKey | undefined, ageMs: number): StoredKey | undefined {
  return key && { ...key, expiresInMs: key.expiresInMs === null ? null : key.expiresInMs - ageMs };
}
