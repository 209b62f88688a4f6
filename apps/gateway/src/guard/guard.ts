import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type KeyStore, type QuotaStore, systemClock } from '@candlecast/domain';
import type { MintedKey } from '@candlecast/identity';
import type { Logger } from '@candlecast/telemetry';
import { createAuthenticate } from '../keys/authenticate.ts';
import { createKeyDesk, type KeyDesk } from '../keys/key-desk.ts';
import { createKeyRing } from '../keys/key-ring.ts';
import { createKnownDocuments, type KnownDocuments } from './known-documents.ts';
import { createQuotas, type QuotaLimits } from './quotas.ts';
import { createReception, type Reception } from './reception.ts';
import { createSocketGate, type SocketGate, type SocketLimits } from './socket-gate.ts';
import { createToll, type Toll } from './toll.ts';

/** What the gateway lets through. */
export interface GuardSettings {
  readonly quotas: QuotaLimits;
  readonly sockets: SocketLimits;
  /** Proxies of ours that stand before the gateway. */
  readonly trustedProxies: number;
  /** The web app's key; without it no visitor of the web app is known. */
  readonly webKey: MintedKey | undefined;
  /** Anybody may send any document, not only who has a key. */
  readonly allowsAnyDocument: boolean;
  /** Documents may ask about the schema. */
  readonly hasIntrospection: boolean;
}

/** What holds unless a setting says otherwise. */
export const DEFAULT_GUARD: GuardSettings = {
  quotas: { public: 6_000, key: 60_000 },
  sockets: { connections: 20, controlsASecond: 20 },
  trustedProxies: 0,
  webKey: undefined,
  allowsAnyDocument: false,
  hasIntrospection: false,
};

/** Who may come in, and how much of it. */
export interface Guard {
  readonly reception: Reception;
  readonly gate: SocketGate;
  readonly toll: Toll;
  readonly keys: KeyDesk;
  readonly documents: KnownDocuments;
  readonly hasIntrospection: boolean;
  readonly trustedProxies: number;
  /** Resolves when the work in the background has ended after the signal. */
  readonly done: Promise<unknown>;
}

const SWEEP_EVERY_MS = 600_000;

/** Returns the guard of one gateway process. `clock` is wall time; the background work ends with `signal`. */
export function createGuard(options: {
  /** Over the defaults. */
  readonly settings: Partial<GuardSettings>;
  readonly keys: KeyStore;
  readonly quotas: QuotaStore;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}): Guard {
  const { logger, signal, clock = systemClock } = options;
  const settings = { ...DEFAULT_GUARD, ...options.settings };
  const ring = createKeyRing({ store: options.keys, logger, signal });
  const quotas = createQuotas({ store: options.quotas, limits: settings.quotas, logger });
  const toll = createToll({ quotas, limits: settings.quotas, ring });
  const authenticate = createAuthenticate({ ring, webKey: settings.webKey, clock });
  const reception = createReception({ authenticate, toll, logger });
  const gate = createSocketGate({ reception, ring, limits: settings.sockets });
  const done = Promise.all([ring.done, sweep(options.quotas, logger, signal)]);
  const documents = createKnownDocuments({ allowsAny: settings.allowsAnyDocument });
  const { trustedProxies, hasIntrospection } = settings;
  return { reception, gate, toll, keys: createKeyDesk(options.keys), documents, trustedProxies, hasIntrospection, done };
}

async function sweep(store: QuotaStore, logger: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(SWEEP_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined); // aborted: the loop ends
    if (!signal.aborted) await store.sweep().catch((cause: unknown) => logger.warn({ err: cause }, 'sweeping the quotas failed'));
  }
}
