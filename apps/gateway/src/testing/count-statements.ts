import type { Database } from '@candlecast/store';

/** Counts the statements that a database is sent for operations: readers and Prisma share the pool. */
export interface StatementCount {
  /** Runs `work` and returns the statements that were sent meanwhile, transactions' begin and end included. */
  during(work: () => Promise<unknown>): Promise<string[]>;
}

/** What the gateway does by itself, at its own pace: quotas, keys, webhooks, alerts. */
const OF_THE_BACKGROUND = /quota|webhook|api_key|alert_desk/i;

/** Begins to count; connections are looked at when they are next taken out of the pool. */
export function countStatements({ sessions: { pool } }: Pick<Database, 'sessions'>): StatementCount {
  const seen = new WeakSet<object>();
  const sent: string[] = [];
  pool.on('acquire', (client) => {
    if (seen.has(client)) return;
    seen.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [asked] = args;
      const text = typeof asked === 'string' ? asked : (asked as { readonly text: string }).text;
      if (!OF_THE_BACKGROUND.test(text)) sent.push(text.replaceAll(/\s+/g, ' ').trim());
      return query(...args);
    }) as typeof client.query;
  });
  return {
    async during(work) {
      const before = sent.length;
      await work();
      return sent.slice(before);
    },
  };
}
