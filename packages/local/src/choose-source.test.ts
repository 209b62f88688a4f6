import { describe, expect, it } from 'vitest';
import { chooseSource, needsProbe, type SourceFacts } from './choose-source.ts';

const first: SourceFacts = { wanted: 'binance', isProduction: false, hasExchangeCandles: false };

describe('chooseSource', () => {
  it('puts the simulated market in the place of an exchange that is silent at the first start', () => {
    expect(needsProbe(first)).toBe(true);
    expect(chooseSource(first, false)).toEqual({ source: 'simulated', isFallback: true });
  });

  it('takes the exchange when it answers', () => {
    expect(chooseSource(first, true)).toEqual({ source: 'binance', isFallback: false });
  });

  it.each<[string, SourceFacts]>([
    ['in production', { ...first, isProduction: true }],
    ['once there are data of the exchange', { ...first, hasExchangeCandles: true }],
  ])('never switches %s', (_, facts) => {
    expect(needsProbe(facts)).toBe(false);
    expect(chooseSource(facts, false)).toEqual({ source: 'binance', isFallback: false });
  });

  it.each(['simulated', 'replay'] as const)('does not ask the exchange when the source is %s', (wanted) => {
    expect(needsProbe({ ...first, wanted })).toBe(false);
    expect(chooseSource({ ...first, wanted }, false)).toEqual({ source: wanted, isFallback: false });
  });
});
