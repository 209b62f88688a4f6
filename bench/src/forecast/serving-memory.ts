import { addMs, MINUTE_MS } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import { barAt } from '../../../apps/forecaster/src/features/bar.ts';
import { LIVE_BARS, LIVE_HISTORY_DAYS } from '../../../apps/forecaster/src/features/live-bars.ts';
import { createMinuteBuffer } from '../../../apps/forecaster/src/features/minute-series.ts';
import { HISTORY_MINUTES } from '../../../apps/forecaster/src/features/sigma.ts';
import { createContextMachine } from '../../../apps/forecaster/src/models/context/context-machine.ts';
import { createHarMachine } from '../../../apps/forecaster/src/models/har/har-machine.ts';
import { harColumns } from '../../../apps/forecaster/src/models/ladder/har-volatility.ts';
import { randomBars } from '../../../apps/forecaster/src/testing/random-bars.ts';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';

const INSTRUMENTS = 1_600;
/** Machines are alike: of so many the rest is reckoned. */
const SAMPLE = 10;
const MIB = 2 ** 20;
/** Tells what a serving process keeps of 1,600 instruments: their newest minutes, and the machines of the models of bars. */
export function measureServingMemory(report: Report): void {
  report.section('Memory of a serving process, 1,600 instruments');
  const minutes = held(() => {
    const candle = aCandle({});
    return Array.from({ length: SAMPLE }, () => {
      const buffer = createMinuteBuffer(HISTORY_MINUTES);
      for (let minute = 0; minute < HISTORY_MINUTES; minute += HISTORY_MINUTES - 1)
        buffer.put({ ...candle, openTime: addMs(MARKET_START, minute * MINUTE_MS) });
      return buffer;
    });
  });
  const coefficients = LIVE_BARS.horizonBars.map((_, horizon) => new Float64Array(harColumns(LIVE_BARS, horizon, true).length + 1));
  const har = held(() => Array.from({ length: SAMPLE }, (_, place) => fed(createHarMachine(place, coefficients))));
  const context = held(() => Array.from({ length: SAMPLE }, () => fed(createContextMachine())));
  report.figure({ what: 'the minutes that models read', value: minutes, unit: 'MiB' });
  report.figure({ what: 'HAR-S, by itself and in the ensemble', value: har, unit: 'MiB' });
  report.figure({ what: 'the LSTM with context, by itself and in the ensemble', value: context, unit: 'MiB' });
  report.figure({ what: 'in all', value: minutes + har + context, unit: 'MiB' });
}

const [BARS] = randomBars({
  bars: (LIVE_HISTORY_DAYS * 24 * 60 * MINUTE_MS) / LIVE_BARS.stepMs,
  symbols: ['BTCUSDT'],
  stepMs: LIVE_BARS.stepMs,
});

function fed<Machine extends ReturnType<typeof createContextMachine> | ReturnType<typeof createHarMachine>>(machine: Machine): Machine {
  if (BARS) for (let row = 0; row < BARS.length; row++) machine.push(addMs(BARS.firstOpenTime, row * BARS.stepMs), barAt(BARS, row));
  return machine;
}

/** MiB that 1,600 of what is made take, by a sample of it. */
function held(make: () => readonly unknown[]): number {
  const taken = () => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = taken();
  const made = make();
  const after = taken();
  return ((after - before) / MIB) * (INSTRUMENTS / made.length);
}
