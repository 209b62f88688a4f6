import { toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { spreadBps } from './spread-bps.ts';
import { EMPTY_TAPE, ofSize, parseLeastSize, TAPE_ROWS, withTrades } from './trade-tape.ts';

const trade = (id: number, size = '1', leftOut = 0) => ({
  ...{ id: `${id}`, symbol: 'SIM:BTCUSDT', time: '2022-01-03T12:00:00Z', price: toDecimal('100') },
  ...{ size: toDecimal(size), takerSide: 'BUY' as const, leftOut },
});

describe('the tape', () => {
  it('has the newest trade on top, each once, and counts what was left out', () => {
    const first = withTrades(EMPTY_TAPE, [trade(1), trade(2)]);
    const second = withTrades(first, [trade(2), trade(3, '1', 4)]);
    expect(second.trades.map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect(second.leftOut).toBe(4);
    expect(withTrades(second, [trade(3)])).toBe(second);
  });

  it('is bounded', () => {
    const tape = withTrades(
      EMPTY_TAPE,
      Array.from({ length: TAPE_ROWS + 5 }, (_, id) => trade(id)),
    );
    expect(tape.trades).toHaveLength(TAPE_ROWS);
    expect(tape.trades[0]?.id).toBe(`${TAPE_ROWS + 4}`);
  });

  it('shows trades of a size and more, exactly', () => {
    const trades = [trade(1, '0.50'), trade(2, '0.4999'), trade(3, '10')];
    expect(ofSize(trades, toDecimal('0.5')).map(({ id }) => id)).toEqual(['1', '3']);
    expect(ofSize(trades, undefined)).toHaveLength(3);
  });

  it.each([
    ['', { ok: true, least: undefined }],
    [' 0.5 ', { ok: true, least: '0.5' }],
    ['-1', { ok: false, problem: '"-1" is not a size such as 0.5' }],
    ['much', { ok: false, problem: '"much" is not a size such as 0.5' }],
  ])('takes "%s" as a size', (text, parsed) => {
    expect(parseLeastSize(text)).toEqual(parsed);
  });
});

describe('the spread', () => {
  it('is told in basis points of the middle', () => {
    expect(spreadBps({ spread: toDecimal('0.10'), midPrice: toDecimal('20000.05') })).toBe('0.05');
    expect(spreadBps({ spread: toDecimal('1'), midPrice: toDecimal('100') })).toBe('100.00');
    expect(spreadBps({ spread: toDecimal('1'), midPrice: toDecimal('0.00') })).toBeUndefined();
  });
});
