import { describe, expect, it } from 'vitest';
import { formatBps, toPaperText } from './paper-text.ts';

const record = {
  ...{ trades: 40, open: 1, void: 2 },
  meanNetBps: { value: -3.25, lower: -9, upper: 2 },
  totalNetBps: { value: -130, lower: null, upper: null },
};

describe('a paper record as people read it', () => {
  it('says what was lost as plainly as what was gained', () => {
    expect(toPaperText(record)).toEqual({
      trades: '40, 1 open, 2 void',
      mean: '−3.3 bps [−9.0 bps, +2.0 bps]',
      total: '−130.0 bps',
    });
    expect([formatBps(4), formatBps(0)]).toEqual(['+4.0 bps', '0.0 bps']);
  });

  it('says nothing below 30 trades', () => {
    expect(toPaperText({ ...record, trades: 29 })).toMatchObject({ mean: 'too few', total: 'too few' });
  });
});
