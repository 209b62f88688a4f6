import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { parseChecksum } from '@candlecast/candle-files';
import { AppError } from '@candlecast/domain';
import type { DumpFile } from '../dumps/plan-dump-files.ts';
import { stopped } from '../retry.ts';

/** The exchange's public archive. Failures are `dump_unavailable`, retryable; nothing is tried twice here. */
export interface DumpHost {
  /** The published SHA-256 of a file; undefined when the host has no such file. */
  findChecksum(file: DumpFile): Promise<string | undefined>;
  /** Writes a file to `path`; `onBytes` hears how many have come and how many will. */
  download(file: DumpFile, path: string, onBytes?: (done: number, all: number | undefined) => void): Promise<void>;
}

/** This long nothing may come. */
const STALL_MS = 30_000;

/** Returns the name under which the host has a file. */
export function dumpFileName({ symbol, period }: DumpFile): string {
  return `${symbol}-1m-${period}.zip`;
}

/** Returns the archive at `baseUrl`. */
export function createDumpHost(baseUrl: string, signal: AbortSignal): DumpHost {
  const urlOf = (file: DumpFile) => {
    const symbol = encodeURIComponent(file.symbol);
    return new URL(`/data/spot/${file.kind}/klines/${symbol}/1m/${encodeURIComponent(dumpFileName(file))}`, baseUrl).href;
  };

  return {
    async findChecksum(file) {
      const url = `${urlOf(file)}.CHECKSUM`;
      return guarded(url, async (limit) => {
        const response = await fetch(url, { signal: limit.signal });
        const text = await response.text();
        if (response.status === 404) return undefined;
        if (response.status !== 200) throw new Error(`status ${response.status}`);
        const sum = parseChecksum(text);
        if (sum === undefined) throw new Error('the answer holds no SHA-256');
        return sum;
      });
    },

    async download(file, path, onBytes = () => undefined) {
      const url = urlOf(file);
      await guarded(url, async (limit) => {
        const response = await fetch(url, { signal: limit.signal });
        if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
        const length = Number.parseInt(response.headers.get('content-length') ?? '', 10);
        let done = 0;
        const count = new Transform({
          transform(chunk: Buffer, _, next) {
            limit.renew();
            done += chunk.length;
            onBytes(done, Number.isNaN(length) ? undefined : length);
            next(null, chunk);
          },
        });
        await pipeline(Readable.fromWeb(response.body as ReadableStream), count, createWriteStream(path));
      });
    },
  };

  async function guarded<T>(url: string, work: (limit: { readonly signal: AbortSignal; renew(): void }) => Promise<T>): Promise<T> {
    if (signal.aborted) throw stopped();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`nothing came for ${STALL_MS} ms`)), STALL_MS);
    const onStop = () => controller.abort(signal.reason);
    signal.addEventListener('abort', onStop, { once: true });
    try {
      return await work({ signal: controller.signal, renew: () => timer.refresh() });
    } catch (cause) {
      if (signal.aborted) throw stopped();
      throw new AppError('dump_unavailable', `${url} cannot be had: ${reasonOf(cause)}`, { cause, retryable: true });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onStop);
    }
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
