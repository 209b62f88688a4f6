import { toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { toHistoryCsv } from './history-csv.ts';

const forecast = {
  id: '1',
  symbol: 'SIM:BTCUSDT',
  horizon: '1h',
  asOf: '2022-01-03T12:00:00.000Z',
  issuedAt: '2022-01-03T12:00:01.000Z',
  targetTime: '2022-01-03T13:00:00.000Z',
  timing: 'ON_TIME' as const,
  refPrice: toDecimal('100.50'),
  pUp: 0.4,
  quantiles: [
    { level: 0.05, value: toDecimal('99.00') },
    { level: 0.5, value: toDecimal('100.40') },
  ],
  model: { id: 'm', name: 'lstm, "short"', version: '1' },
  resolution: null,
};

describe('the history as CSV', () => {
  it('has a header and a row for each forecast, with exact decimals and empty fields for what is not known', () => {
    const [header = '', row = '', end] = toHistoryCsv([forecast]).split('\r\n');
    expect(end).toBe('');
    const values = Object.fromEntries(header.split(',').map((name, index) => [name, row.replace('lstm, ', 'lstm ').split(',')[index]]));
    expect(values).toMatchObject({ refPrice: '100.50', call: 'DOWN', lower90: '99.00', median: '100.40', upper90: '', outcome: 'waiting' });
    expect(row).toContain('"lstm, ""short"""');
  });

  it('gives a spreadsheet no formula', () => {
    expect(toHistoryCsv([{ ...forecast, model: { id: 'm', name: '=1+1', version: '1' } }])).toContain(",'=1+1,");
  });

  it('of nothing is the header alone', () => {
    expect(toHistoryCsv([]).split('\r\n')).toHaveLength(2);
  });
});
