import type { Connection } from '../context.ts';
import type { Caller } from '../keys/caller.ts';
import type { Keeping } from './keeping.ts';
import type { QuotaState } from './quotas.ts';

/** What a transport knows of a request before it is parsed. */
export interface RequestScope {
  readonly requestId: string;
  readonly caller: Caller;
  readonly connection: Connection;
  /** What runs was paid for before: by each of the subscriptions that share an execution, or when a subscription began that goes on. */
  readonly isPaid?: boolean;
  /** How the transport tells what is left of the quota; absent: it stands in the `extensions` of the result. */
  readonly tellQuota?: (state: QuotaState) => void;
  /** Where root fields say how long caches may keep their answers. */
  readonly keeping?: Keeping;
}
