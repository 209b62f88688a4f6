import { type Instrument, type InstrumentReader, type SeriesState, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { findLiveSeries } from './find-live-series.ts';

const WAIT = { pollMs: 1, patienceMs: 60_000 };

/** A store whose series stand, look after look, in these states; the last look repeats. A minute passes between two. */
function aStore(clock: FakeClock, ...looks: SeriesState[][]): Pick<InstrumentReader, 'findInstruments'> {
  return {
    async findInstruments() {
      clock.advance(30_000);
      const states = looks.length > 1 ? looks.shift() : looks[0];
      return (states ?? []).map((state, index) => {
        const symbol = `S${index}USDT`;
        return {
          id: toInstrumentId('SIM', symbol),
          symbol,
          state,
          watermark: state === 'LIVE' || state === 'PAUSED' ? toEpochMs(60_000) : null,
        } as Instrument;
      });
    },
  };
}

describe('findLiveSeries', () => {
  const { signal } = new AbortController();
  const find = async (...looks: SeriesState[][]) => {
    const clock = new FakeClock(0);
    const live = await findLiveSeries(aStore(clock, ...looks), 'SIM', WAIT, clock, signal);
    return live.map(({ symbol }) => symbol);
  };

  it('waits until every series is live or will not be', async () => {
    expect(await find([], ['REQUESTED', 'REQUESTED'], ['LIVE', 'BACKFILLING'], ['LIVE', 'LIVE'])).toEqual(['S0USDT', 'S1USDT']);
    expect(await find(['FAILED', 'LIVE', 'DELISTED'])).toEqual(['S1USDT']);
  });

  it('takes paused ones where none is live or will be', async () => {
    expect(await find(['PAUSED', 'BACKFILLING'], ['PAUSED', 'PAUSED'])).toEqual(['S0USDT', 'S1USDT']);
    expect(await find(['PAUSED', 'LIVE'])).toEqual(['S1USDT']);
  });

  it('goes on without one that hangs', async () => {
    expect(await find(['BACKFILLING', 'BACKFILLING'], ['LIVE', 'BACKFILLING'])).toEqual(['S0USDT']);
  });

  it('finds none when it is told to stop', async () => {
    const clock = new FakeClock(0);
    expect(await findLiveSeries(aStore(clock, []), 'SIM', WAIT, clock, AbortSignal.abort())).toEqual([]);
  });
});
