import { describe, expect, it } from 'vitest';
import { findRowFault, readRow } from './recorded-row.ts';
import { scanRows } from './scan-rows.ts';

/** The first row of Binance's own BTCUSDT 1m dump of January 2022, and one of a source with OHLCV only. */
const BTC =
  '1640995200000,46216.93000000,46271.08000000,46208.37000000,46250.00000000,40.57574000,1640995259999,1875978.44269790,796,27.26086000,1260270.37206270,0';
const DOGE = '1621092300000,0.5489,0.5489,0.543,0.5441,6104598.0999999996,1621092359999,,,,,';
const change = (column: number, text: string) =>
  BTC.split(',')
    .map((cell, index) => (index === column ? text : cell))
    .join(',');

describe('recorded rows', () => {
  it('are read as they stand', () => {
    expect(readRow(BTC)).toEqual({
      openTime: 1640995200000,
      closeTime: 1640995259999,
      open: '46216.93000000',
      high: '46271.08000000',
      low: '46208.37000000',
      close: '46250.00000000',
      volume: '40.57574000',
      quoteVolume: '1875978.44269790',
      tradeCount: 796,
      takerBuyBase: '27.26086000',
      takerBuyQuote: '1260270.37206270',
    });
  });

  it('have null where the source has nothing, and no float noise', () => {
    expect(readRow(DOGE)).toMatchObject({
      open: '0.5489',
      volume: '6104598.10000000',
      quoteVolume: null,
      tradeCount: null,
      takerBuyBase: null,
      takerBuyQuote: null,
    });
    expect(readRow(change(5, '0E-8')).volume).toBe('0.00000000');
    expect(readRow(change(6, '')).closeTime).toBe(1640995259999);
  });

  it.each([
    ['columns', BTC.slice(0, 70)],
    ['columns', `${BTC},1`],
    ['time', change(0, '16409952')],
    ['time', change(0, '')],
    ['time', change(6, 'late')],
    ['price', change(1, 'NaN')],
    ['price', change(4, '0.00000000')],
    ['price', change(2, '-1')],
    ['amount', change(5, '')],
    ['amount', change(7, '1,5'.replace(',', ';'))],
    ['amount', change(8, '1.5')],
    ['high and low', change(2, '46216.92000000')],
    ['high and low', change(3, '46216.94')],
  ])('are refused for their %s', (fault, line) => {
    expect(findRowFault(line)).toBe(fault);
    const scanned = scanRows(Buffer.from(`${BTC}\n${line}\n`));
    expect(scanned.count).toBe(1);
    expect(scanned.refused).toEqual([{ line: 2, fault }]);
  });
});

describe('scanRows', () => {
  it('finds every row with its time, its place and whether it traded', () => {
    const quiet = change(5, '0.00000000').replace('1640995200000', '1640995260000');
    const text = `${BTC}\r\n${quiet}\r\n${DOGE.replace('1621092300000', '1640995320000')}`;
    const scanned = scanRows(Buffer.from(`\uFEFFopen_time,open,high\n${text}`));
    expect(scanned.count).toBe(3);
    expect([...scanned.times.subarray(0, 3)]).toEqual([1640995200000, 1640995260000, 1640995320000]);
    expect([...scanned.traded.subarray(0, 3)]).toEqual([1, 0, 1]);
    expect([scanned.priceDecimals, scanned.volumeDecimals]).toEqual([4, 5]);
    expect(scanned.refused).toEqual([]);
  });

  it('reads microseconds, and refuses the other unit in the same file', () => {
    const microseconds = BTC.replaceAll(/(164099\d{7})/g, '$1000');
    const scanned = scanRows(Buffer.from(`${microseconds}\n${BTC}\n`));
    expect([...scanned.times.subarray(0, scanned.count)]).toEqual([1640995200000]);
    expect(scanned.refused).toEqual([{ line: 2, fault: 'other unit of time' }]);
  });

  it('agrees with the slow look on every row', () => {
    const exponent = change(5, '0E-8');
    expect(scanRows(Buffer.from(`${exponent}\n\n`))).toMatchObject({ count: 1, refused: [] });
    expect(scanRows(Buffer.alloc(0))).toMatchObject({ count: 0 });
  });
});
