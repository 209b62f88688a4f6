import { describe, expect, it } from 'vitest';
import { parseCandleRow } from './candle-row.ts';

/** The first row of Binance's own BTCUSDT 1m dump of January 2022. */
const BTC =
  '1640995200000,46216.93000000,46271.08000000,46208.37000000,46250.00000000,40.57574000,1640995259999,1875978.44269790,796,27.26086000,1260270.37206270,0';
/** A row of a source that keeps OHLCV only. */
const ETH = '1621092240000,3889.5,3889.59,3880.58,3882.37,1253.93501,1621092299999,,,,,';

describe('parseCandleRow', () => {
  it('reads all columns as the text of the file', () => {
    expect(parseCandleRow(BTC.split(','), 'ms')).toEqual({
      ok: true,
      value: {
        openTime: 1640995200000,
        open: '46216.93000000',
        high: '46271.08000000',
        low: '46208.37000000',
        close: '46250.00000000',
        baseVolume: '40.57574000',
        quoteVolume: '1875978.44269790',
        tradeCount: 796,
        takerBuyBaseVolume: '27.26086000',
        takerBuyQuoteVolume: '1260270.37206270',
        firstTradeId: null,
        lastTradeId: null,
      },
    });
  });

  it('reads empty columns as null', () => {
    const row = parseCandleRow(ETH.split(','), 'ms');
    expect(row).toMatchObject({
      ok: true,
      value: { baseVolume: '1253.93501', quoteVolume: null, tradeCount: null, takerBuyBaseVolume: null },
    });
  });

  it('reads microseconds as milliseconds', () => {
    const cells = BTC.replace('1640995200000', '1735689600000000').replace('1640995259999', '1735689659999999').split(',');
    expect(parseCandleRow(cells, 'us')).toMatchObject({ ok: true, value: { openTime: 1735689600000 } });
  });

  it('accepts a close time that is short of the interval, as after an outage', () => {
    expect(parseCandleRow(BTC.replace('1640995259999', '1640995223456').split(','), 'ms').ok).toBe(true);
  });

  it('accepts prices of different scale and length in order', () => {
    const cells = [...BTC.split(',')];
    cells.splice(1, 4, '9.5', '10', '9', '9.55');
    expect(parseCandleRow(cells, 'ms').ok).toBe(true);
  });

  const changed = (column: number, text: string) => BTC.split(',').map((cell, index) => (index === column ? text : cell));
  it.each([
    ['column_count', BTC.split(',').slice(0, 11)],
    ['column_count', BTC.split(',').slice(0, 6)],
    ['column_count', [...BTC.split(','), '0']],
    ['time', changed(0, '1640995200000.5')],
    ['time', changed(0, '')],
    ['time', changed(6, 'x')],
    ['time_unit', changed(0, '1640995200000000')],
    ['price', changed(1, '')],
    ['price', changed(2, 'NaN')],
    ['price', changed(3, '0.00000000')],
    ['price', changed(4, '-46250.00000000')],
    ['price_order', changed(2, '46208.36000000')],
    ['price_order', changed(3, '46216.94000000')],
    ['price_order', changed(4, '9.0')],
    ['price_order', changed(4, '146250.00000000')],
    ['volume', changed(5, '')],
    ['volume', changed(7, '-1')],
    ['volume', changed(10, 'nan')],
    ['trade_count', changed(8, '7.5')],
  ])('refuses a row for its %s', (reason, cells) => {
    expect(parseCandleRow(cells, 'ms')).toEqual({ ok: false, error: reason });
  });
});
