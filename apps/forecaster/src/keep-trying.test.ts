import { createLogger } from '@candlecast/telemetry';
import { describe, expect, it } from 'vitest';
import { keepTrying } from './keep-trying.ts';

const options = { logger: createLogger('test', 'silent'), patience: { baseMs: 1, capMs: 4 } };

describe('keepTrying', () => {
  it('tries until the task succeeds, and tells of every failure', async () => {
    const failures: unknown[] = [];
    let tries = 0;
    const task = async () => {
      tries++;
      if (tries < 4) throw new Error(`try ${tries}`);
      return 'done';
    };
    const { signal } = new AbortController();
    expect(await keepTrying('work', task, { ...options, signal, onFailure: (cause) => failures.push(cause) })).toBe('done');
    expect(failures.map(String)).toEqual(['Error: try 1', 'Error: try 2', 'Error: try 3']);
  });

  it('gives up when it is told to stop, also while it waits', async () => {
    const stop = new AbortController();
    const endless = keepTrying('work', () => Promise.reject(new Error('no')), {
      ...options,
      patience: { baseMs: 1e6, capMs: 1e6 },
      signal: stop.signal,
      onFailure: () => stop.abort(),
    });
    expect(await endless).toBeUndefined();
  });
});
