import { addMs, DAY_MS, HOUR_MS, isDueAt, MINUTE_MS, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { HINDCAST_SCHEMA } from './hindcast-schema.ts';
import { momentsOf, planWalk, type WalkWish } from './plan-walk.ts';

const day = (text: string) => toEpochMs(Date.parse(`${text}T00:00:00Z`));
const wish = (values: Partial<WalkWish> = {}): WalkWish => ({
  history: { from: day('2022-01-10'), to: day('2022-05-10') },
  until: day('2022-05-20'),
  leastDays: 60,
  minuteDays: 0,
  walks: [],
  ...values,
});
const said = (values: Partial<WalkWish> = {}) =>
  planWalk(wish(values)).map(({ grid, trainedThrough, range }) =>
    [grid, trainedThrough, range.from, range.to].map((part) =>
      typeof part === 'number' ? new Date(part).toISOString().slice(0, 16) : part,
    ),
  );

describe('planWalk', () => {
  it('gives each month with enough history before it a model that was trained before, newest first, up to what is stored', () => {
    expect(said()).toEqual([
      ['hours', '2022-04-30T23:45', '2022-05-01T00:00', '2022-05-10T00:00'],
      ['hours', '2022-03-31T23:45', '2022-04-01T00:00', '2022-05-01T00:00'],
    ]);
    expect(said({ until: day('2022-04-02') }).map(([, , , to]) => to)).toEqual(['2022-04-02T00:00']);
    expect(said({ until: day('2022-03-31') })).toEqual([]);
  });

  it('goes on where it was, and walks a month that has been walked no more', () => {
    const walks = [
      { grid: 'hours', trainedThrough: addMs(day('2022-04-01'), -HINDCAST_SCHEMA.stepMs), walkedUntil: day('2022-05-01') },
      { grid: 'hours', trainedThrough: addMs(day('2022-05-01'), -HINDCAST_SCHEMA.stepMs), walkedUntil: addMs(day('2022-05-09'), 1) },
    ];
    expect(said({ walks })).toEqual([['hours', '2022-04-30T23:45', '2022-05-09T00:00', '2022-05-10T00:00']]);
    expect(said({ walks, until: addMs(day('2022-05-09'), HOUR_MS - 1) })).toEqual([]);
  });

  it('walks the newest days of default instruments at every due time, over the turn of a month, too', () => {
    expect(said({ minuteDays: 14 }).filter(([grid]) => grid === 'minutes')).toEqual([
      ['minutes', '2022-04-30T23:45', '2022-05-01T00:00', '2022-05-10T00:00'],
      ['minutes', '2022-03-31T23:45', '2022-04-26T00:00', '2022-05-01T00:00'],
    ]);
  });

  it('lets every moment lie after the training', () => {
    for (const { range, trainedThrough } of planWalk(wish({ minuteDays: 40 }))) expect(range.from).toBeGreaterThan(trainedThrough);
  });
});

describe('momentsOf', () => {
  it('gives what is due, and of minutes the first horizons only between the quarters', () => {
    const range = { from: addMs(day('2022-05-01'), 1), to: addMs(day('2022-05-01'), DAY_MS) };
    expect([...momentsOf('hours', range)]).toEqual(Array.from({ length: 23 }, (_, hour) => addMs(day('2022-05-01'), (hour + 1) * HOUR_MS)));
    const minutes = [...momentsOf('minutes', range)];
    expect(minutes).toHaveLength(1_439);
    expect(minutes[0]).toBe(addMs(day('2022-05-01'), MINUTE_MS));
    const due = minutes.map((asOf) => HINDCAST_SCHEMA.horizons.map((horizon) => isDueAt(horizon, asOf)));
    // A row holds the first horizons: what is due has no hole.
    for (const each of due) expect(each).toEqual([...each].sort((a, b) => Number(b) - Number(a)));
  });
});
