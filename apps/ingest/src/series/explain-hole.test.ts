import { HOUR_MS, parseIso, type TimeRange, toIso } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { explainHole } from './explain-hole.ts';
import { KNOWN_OUTAGES } from './known-outages.ts';

function range(from: string, to: string): TimeRange {
  const [start, end] = [parseIso(`${from}Z`), parseIso(`${to}Z`)];
  if (start === undefined || end === undefined) throw new RangeError(`${from} or ${to} is not a time`);
  return { from: start, to: end };
}

const explain = (symbol: string, hole: TimeRange) =>
  explainHole(symbol, hole, 'CONFIRMED_EMPTY').map(({ range: part, reason }) => `${toIso(part.from)} ${toIso(part.to)} ${reason}`);

describe('explainHole', () => {
  it('knows the outages of the whole exchange, to some minutes', () => {
    expect(explain('BTCUSDT', range('2023-03-24T12:40', '2023-03-24T14:00'))).toEqual([
      '2023-03-24T12:40:00.000Z 2023-03-24T14:00:00.000Z EXCHANGE_OUTAGE',
    ]);
    expect(explain('NEWUSDT', range('2018-02-08T00:29', '2018-02-09T10:00'))).toHaveLength(1);
  });

  it('cuts out what an outage does not explain', () => {
    expect(explain('BTCUSDT', range('2023-03-24T12:00', '2023-03-24T15:00'))).toEqual([
      '2023-03-24T12:00:00.000Z 2023-03-24T12:35:00.000Z CONFIRMED_EMPTY',
      '2023-03-24T12:35:00.000Z 2023-03-24T14:05:00.000Z EXCHANGE_OUTAGE',
      '2023-03-24T14:05:00.000Z 2023-03-24T15:00:00.000Z CONFIRMED_EMPTY',
    ]);
    expect(explain('BTCUSDT', range('2022-05-01T00:00', '2022-05-01T01:00'))).toEqual([
      '2022-05-01T00:00:00.000Z 2022-05-01T01:00:00.000Z CONFIRMED_EMPTY',
    ]);
  });

  it('knows when a pair was not listed, of that pair alone', () => {
    const hole = range('2022-09-26T03:00', '2023-03-11T14:00');
    expect(explain('USDCUSDT', hole)).toEqual(['2022-09-26T03:00:00.000Z 2023-03-11T14:00:00.000Z DELISTED']);
    expect((hole.to - hole.from) / HOUR_MS).toBe(3_995);
    expect(explainHole('BTCUSDT', hole, 'PENDING')).toEqual([{ range: hole, reason: 'PENDING' }]);
  });

  it('reads a list whose outages are in order and do not overlap', () => {
    const times = KNOWN_OUTAGES.flat().map((text) => parseIso(text));
    expect(times).toEqual([...times].sort((a, b) => (a ?? 0) - (b ?? 0)));
  });
});
