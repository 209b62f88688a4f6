import { AppError, jitteredDelayMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { EXCHANGE_BACKOFF } from './backoff.ts';
import { readConfig } from './config.ts';
import { pause } from './pause.ts';
import { isStopped, retry } from './retry.ts';
import { WakeUp } from './wake-up.ts';

const QUICK = { baseMs: 1, capMs: 2 };

describe('jitteredDelayMs', () => {
  it.each([
    [0, 0, 0],
    [0, 1, 500],
    [1, 1, 1_000],
    [5, 0.5, 8_000],
    [6, 1, 30_000],
    [5_000, 1, 30_000],
  ])('at attempt %i with random %f is %i', (attempt, random, expected) => {
    expect(jitteredDelayMs(attempt, EXCHANGE_BACKOFF, random)).toBe(expected);
  });
});

describe('retry', () => {
  it('tries until it works', async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries < 30) throw new AppError('away', 'away', { retryable: true });
      return tries;
    };
    expect(await retry(work, { backoff: QUICK, signal: new AbortController().signal })).toBe(30);
  });

  it('gives up what cannot be cured', async () => {
    const refusal = new AppError('refused', 'no');
    await expect(retry(() => Promise.reject(refusal), { backoff: QUICK, signal: new AbortController().signal })).rejects.toBe(refusal);
  });

  it('ends when it is stopped, in the middle of a wait too', async () => {
    const stop = new AbortController();
    const failing = () => Promise.reject(new AppError('away', 'away', { retryable: true }));
    const trying = retry(failing, {
      backoff: { baseMs: 1e9, capMs: 1e9 },
      signal: stop.signal,
      onFailure: () => queueMicrotask(() => stop.abort()),
    });
    await expect(trying).rejects.toSatisfy(isStopped);
  });
});

describe('WakeUp', () => {
  it('does not lose a call between two waits', async () => {
    const wakeUp = new WakeUp();
    const { signal } = new AbortController();
    wakeUp.notify();
    await wakeUp.wait(Number.POSITIVE_INFINITY, signal);
    const waiting = wakeUp.wait(Number.POSITIVE_INFINITY, signal);
    wakeUp.notify();
    await waiting;
  });

  it('wakes by time and by abort', async () => {
    const stop = new AbortController();
    await new WakeUp().wait(1, stop.signal);
    const waiting = [new WakeUp().wait(Number.POSITIVE_INFINITY, stop.signal), pause(1e12, stop.signal)];
    stop.abort();
    await Promise.all(waiting);
  });
});

describe('readConfig', () => {
  const url = 'postgresql://user@127.0.0.1:1/db';

  it('reads the defaults: the exchange, at its own speed', () => {
    const config = readConfig({ DATABASE_URL: url, CANDLECAST_CLOCK_SPEED: '60' });
    expect(config).toMatchObject({ ok: true, value: { venue: 'BINANCE', clockSpeed: 1, historyDays: 400, port: 4001 } });
  });

  it('takes a recording whole, whatever is asked for', () => {
    const config = readConfig({
      DATABASE_URL: url,
      CANDLECAST_SOURCE: 'replay',
      CANDLECAST_CLOCK_SPEED: '60',
      CANDLECAST_INSTRUMENTS: 'ETHUSDT',
      CANDLECAST_HISTORY_DAYS: '3',
    });
    expect(config).toMatchObject({ ok: true, value: { venue: 'REPLAY', clockSpeed: 60, wish: 'everything', historyDays: 'everything' } });
  });

  it('needs a database', () => {
    expect(readConfig({})).toMatchObject({ ok: false, error: { message: expect.stringContaining('DATABASE_URL') } });
  });
});
