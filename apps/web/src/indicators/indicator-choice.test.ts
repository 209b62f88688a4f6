import { describe, expect, it } from 'vitest';
import { formatChoice, INDICATOR_KINDS, nameOfChoice } from './indicator-choice.ts';
import { faultOf, MOST_INDICATORS, parseChoices, usualChoice } from './indicator-forms.ts';

describe('indicators in an address', () => {
  it('come back as they were written', () => {
    const choices = INDICATOR_KINDS.map(usualChoice);
    expect(parseChoices(choices.map(formatChoice).join('.'))).toEqual(choices);
    expect(choices.map(nameOfChoice)).toEqual(['SMA 20', 'EMA 20', 'BB 20 2', 'VWAP', 'RSI 14', 'MACD 12 26 9']);
  });

  it.each(['sma', 'sma0', 'sma501', 'sma20-3', 'foo20', 'macd26-12-9', 'vwap3', 'bb20-9', '', '<script>'])('leave out "%s"', (text) => {
    expect(parseChoices(`${text}.ema5`)).toEqual([{ kind: 'ema', settings: [5] }]);
  });

  it('are one of a kind and at most eight', () => {
    expect(parseChoices('sma5.sma5')).toHaveLength(1);
    expect(parseChoices(Array.from({ length: 20 }, (_, at) => `sma${at + 1}`).join('.'))).toHaveLength(MOST_INDICATORS);
  });
});

describe('faultOf', () => {
  it('names value and rule', () => {
    expect(faultOf({ kind: 'sma', settings: [0] })).toBe('SMA: period "0" is not a whole number from 1 to 500');
    expect(faultOf({ kind: 'rsi', settings: [Number.NaN] })).toBe('RSI: period "" is not a whole number from 1 to 500');
    expect(faultOf({ kind: 'macd', settings: [30, 20, 9] })).toBe('MACD: fast 30 is not below slow 20');
    expect(faultOf(usualChoice('macd'))).toBeUndefined();
  });
});
