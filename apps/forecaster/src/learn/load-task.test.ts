import { addMs, type CandleReader, DAY_MS, type Instrument, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { expect, it } from 'vitest';
import { loadTask } from './load-task.ts';

const NOW = toEpochMs(Date.UTC(2023, 0, 30));
/** Nothing of it is reached. */
const candles = {} as CandleReader;

it('refuses where no instrument has bars enough, before anything is read or written down', async () => {
  const young = {
    id: toInstrumentId('SIM', 'YOUNGUSDT'),
    firstOpenTime: addMs(NOW, -10 * DAY_MS),
    watermark: NOW,
  } as Instrument;
  const plan = { estimator: 'har-s', trainingDays: 500, seed: 1 } as const;
  for (const live of [[], [young]])
    await expect(loadTask(candles, live, plan, new AbortController().signal)).rejects.toMatchObject({ code: 'history_too_short' });
});
