import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import known from '../../../apps/gateway/src/guard/known-documents.json' with { type: 'json' };

interface ChunkName {
  readonly from: number;
  readonly to: number;
  readonly revision: string | null;
}

/** People who open the chart and scroll back through all of its history. */
export interface Visitors {
  /** So many come, a hundred at a time. Throws when one is not answered. */
  come(count: number): Promise<void>;
  /** Resolves with when a price is seen by somebody who asks what there is ten times a second. */
  untilCorrected(price: number): Promise<number>;
  /** One comes when the gateway is gone. */
  comeWithoutGateway(): Promise<{ readonly asked: number; readonly answered: number }>;
  requests(): number;
  /** How many addresses of chunks they have asked for. */
  addresses(): number;
}

const AT_ONCE = 100;
const INTERVALS = ['1m', '3m'];
const PAUSE_MS = 100;
const PATIENCE_MS = 30_000;

/** Returns visitors who reach the gateway through a port of this machine. */
export function createVisitors(port: number, symbol: string): Visitors {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const addresses = new Set<string>();
  let requests = 0;

  async function ask<T>(name: string, variables: Readonly<Record<string, unknown>>): Promise<T> {
    const url = `/graphql?${new URLSearchParams({
      operationName: name,
      variables: JSON.stringify(variables),
      extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hashOf(name) } }),
    })}`;
    if (name === 'Chunk') addresses.add(url);
    requests += 1;
    const { status, body } = await fetchText(agent, port, url);
    if (status !== 200) throw new Error(`${url} was answered with ${status}: ${body.slice(0, 300)}`);
    return (JSON.parse(body) as { data: T }).data;
  }

  async function readChunks(interval: string): Promise<number[]> {
    const { barChunks } = await ask<{ barChunks: { chunks: ChunkName[] } }>('BarChunks', { symbol, interval });
    const end = barChunks.chunks[0]?.from ?? 0;
    // As the page does while somebody scrolls: what older chunks are called, then each of them.
    const older = await ask<{ barChunks: { chunks: ChunkName[] } }>('ChunkNames', { symbol, interval, from: 0, to: end });
    const highs: number[] = [];
    for (const { from, to, revision } of [...barChunks.chunks, ...older.barChunks.chunks]) {
      if (revision === null) throw new Error(`the chunk of ${interval} at ${from} is not closed`);
      const { bars } = await ask<{ bars: { h: number[] } }>('Chunk', { symbol, interval, from, to, revision });
      highs.push(...bars.h);
    }
    return highs;
  }

  return {
    async come(count) {
      let left = count;
      const one = async () => {
        while (left-- > 0) for (const interval of INTERVALS) await readChunks(interval);
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, one));
    },
    async untilCorrected(price) {
      const end = performance.now() + PATIENCE_MS;
      for (;;) {
        const highs = await Promise.all(INTERVALS.map(readChunks));
        if (highs.every((list) => list.includes(price))) return performance.now();
        if (performance.now() > end) throw new Error(`the correction is not visible after ${PATIENCE_MS} ms`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    async comeWithoutGateway() {
      const before = requests;
      const answered = await Promise.allSettled(INTERVALS.map(readChunks));
      const asked = requests - before;
      return { asked, answered: answered.every(({ status }) => status === 'fulfilled') ? asked : 0 };
    },
    requests: () => requests,
    addresses: () => addresses.size,
  };
}

/** The page's own documents, as its cache sends them. */
function hashOf(name: string): string {
  const text = Object.values(known).find((one) => one.startsWith(`query ${name}(`) && one.includes('__typename'));
  if (text === undefined) throw new Error(`the gateway knows no document ${name}`);
  return createHash('sha256').update(text).digest('hex');
}

function fetchText(agent: Agent, port: number, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port, path, headers: { accept: 'application/json' } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', reject);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    }).once('error', reject);
  });
}
