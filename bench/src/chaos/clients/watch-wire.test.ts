import { toStreamCursor } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { watchWire } from './watch-wire.ts';

const at = (seq: number) => toStreamCursor({ epoch: '11111111-1111-4111-8111-111111111111', seq });
const subscribe = (id: string, after?: string) => JSON.stringify({ id, type: 'subscribe', payload: { query: '…', variables: { after } } });
const event = (id: string, __typename: string, seq: number) =>
  JSON.stringify({ id, type: 'next', payload: { data: { candles: { __typename, cursor: at(seq) } } } });

describe('watchWire', () => {
  it.each([
    ['what follows the cursor', [5, 6, 9], []],
    ['the event of the cursor itself', [4, 5], ['the gateway sent the event at 4 after 4']],
    ['an event twice', [5, 5], ['the gateway sent the event at 5 after 5']],
    ['events in a wrong order', [7, 6], ['the gateway sent the event at 6 after 7']],
  ])('judges %s', (_, seqs, found) => {
    const faults: string[] = [];
    const wire = watchWire((fault) => faults.push(fault));
    wire.sent(subscribe('a', at(4)));
    for (const seq of seqs) wire.received(event('a', 'CandleClosed', seq));
    expect(faults).toEqual(found);
  });

  it('keeps operations apart and leaves out what may come again', () => {
    const faults: string[] = [];
    const wire = watchWire((fault) => faults.push(fault));
    wire.sent(subscribe('a', at(4)));
    wire.sent(subscribe('b'));
    wire.received(event('a', 'CandleCorrection', 8));
    wire.received(event('b', 'StreamGap', 3));
    wire.received(event('b', 'StreamHeartbeat', 2));
    wire.received(event('b', 'CandleSnapshot', 1));
    expect(faults).toEqual([]);
  });
});
