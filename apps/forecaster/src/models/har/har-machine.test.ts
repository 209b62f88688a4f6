import { addMs, type InstrumentId, QUANTILE_LEVELS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { buildDataSet } from '../../dataset/data-set.ts';
import { type BarSeries, barAt } from '../../features/bar.ts';
import { contextColumns } from '../../features/bar-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../../features/live-bars.ts';
import { randomBars, withGap } from '../../testing/random-bars.ts';
import { fitHar, forecastHar } from '../ladder/har.ts';
import type { HarCoefficients } from '../ladder/har-volatility.ts';
import { HAR_COLUMNS, HAR_INPUT_LAYOUT, parseHarFile, toHarFile, toHarGrid } from './har-file.ts';
import { createHarMachine } from './har-machine.ts';

const BARS = 3_400;
const LEVELS = QUANTILE_LEVELS.length;
const ID = 'SIM:BTCUSDT' as InstrumentId;
const whole = randomBars({ bars: BARS, stepMs: LIVE_BARS.stepMs, symbols: ['BTCUSDT'], seed: 5 });
const [series] = withGap(whole, 0, [2_000, 2_001, 3_050]) as [BarSeries];
const set = buildDataSet([series], LIVE_BARS);
const training = Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1 && row < 3_000);
const coefficients = fitHar(set, { training, validation: new Uint32Array(), cutoff: series.firstOpenTime }, 0, true) as HarCoefficients;
const width = contextColumns(LIVE_BARS).length;

describe('createHarMachine', () => {
  it('has the features of the laboratory, to 1e-12, at every bar that is there', () => {
    const machine = createHarMachine(0, coefficients);
    for (let row = 0; row < BARS; row++) {
      machine.push(addMs(series.firstOpenTime, row * series.stepMs), barAt(series, row));
      const input = machine.input();
      const known = barAt(series, row) !== undefined && row - 1 - (row > 2_001 ? 2 : 0) - (row > 3_050 ? 1 : 0) >= LIVE_BARS.warmup - 2;
      expect(input !== undefined).toBe(known);
      if (!input) continue;
      const context = input.subarray(HAR_INPUT_LAYOUT.context.offset);
      HAR_COLUMNS.forEach((column, index) => {
        const value = set.context[row * width + column] as number;
        if (Number.isNaN(value)) expect(context[index]).toBeNaN();
        else expect(Math.abs((context[index] as number) - value)).toBeLessThan(1e-12);
      });
      expect(input[1]).toBe(Math.fround(set.baseSigmas[row] as number));
    }
  });

  it('says what the laboratory says, to the rounding of floats, after a gap as before', () => {
    const model = parseHarFile(toHarFile({ instruments: [{ id: ID, coefficients }] }));
    const forecast = forecastHar(set, 0, coefficients, true);
    const machine = createHarMachine(0, coefficients);
    const said = new Float32Array(LEVELS);
    let compared = 0;
    for (let row = 0; row < BARS; row++) {
      machine.push(addMs(series.firstOpenTime, row * series.stepMs), barAt(series, row));
      const input = row % 37 === 0 || row === BARS - 1 ? machine.input() : undefined;
      if (!input) continue;
      const grid = toHarGrid(model, input);
      LIVE_BARS.horizons.forEach((_, horizon) => {
        forecast(row, horizon, said);
        said.forEach((value, level) => {
          const served = grid[(SERVED_PLACES[horizon] as number) * LEVELS + level] as number;
          expect(Math.abs(served - value) / (machine.sigmas[horizon] as number)).toBeLessThan(1e-6);
        });
      });
      // 15m has no bars of its own.
      expect(grid.subarray(0, LEVELS).every(Number.isNaN)).toBe(true);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(40);
  });
});

describe('the file of a HAR-S', () => {
  const file = toHarFile({ instruments: [{ id: ID, coefficients }] });

  it('is read back exactly', () => {
    expect(parseHarFile(file).instruments).toEqual([{ id: ID, coefficients }]);
  });

  it.each([
    ['is no JSON', Buffer.from('coefficients'), 'not JSON'],
    ['is of other features', Buffer.from(file.toString().replace('"featureSchema":2', '"featureSchema":1')), 'version 1'],
    ['reads other columns', Buffer.from(file.toString().replace('"reads":[[0,', '"reads":[[1,')), 'other columns'],
    ['lacks a coefficient', Buffer.from(file.toString().replace('"coefficients":[[', '"coefficients":[[],[')), `coefficient of ${ID}`],
  ])('is refused when it %s', (_, bytes, reason) => {
    expect(() => parseHarFile(bytes)).toThrow(
      expect.objectContaining({ code: 'har_file_unreadable', message: expect.stringContaining(reason) }),
    );
  });

  it('answers no input of another model', () => {
    expect(() => toHarGrid(parseHarFile(file), new Float32Array(3))).toThrow(expect.objectContaining({ code: 'model_input_size' }));
  });
});
