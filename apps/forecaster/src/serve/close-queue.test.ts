import { toInstrumentId } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { createCloseQueue } from './close-queue.ts';

const BTC = toInstrumentId('SIM', 'BTCUSDT');
const ETH = toInstrumentId('SIM', 'ETHUSDT');

describe('createCloseQueue', () => {
  it('gives all that wait at once and tells when an instrument waited already', async () => {
    const queue = createCloseQueue();
    expect([queue.offer(BTC), queue.offer(ETH), queue.offer(BTC)]).toEqual([false, false, true]);
    expect(await queue.take(new AbortController().signal)).toEqual([BTC, ETH]);
    expect(queue.offer(BTC)).toBe(false);
  });

  it('waits for the next offer, and ends empty when it is stopped', async () => {
    const queue = createCloseQueue();
    const stop = new AbortController();
    const first = queue.take(stop.signal);
    queue.offer(ETH);
    expect(await first).toEqual([ETH]);
    const second = queue.take(stop.signal);
    stop.abort();
    expect(await second).toEqual([]);
  });
});
