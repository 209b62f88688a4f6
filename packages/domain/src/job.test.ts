import { describe, expect, it } from 'vitest';
import { type JobCadence, nextOccasion } from './job.ts';
import { toEpochMs, toIso } from './time.ts';

describe('nextOccasion', () => {
  it.each<[JobCadence, string, string]>([
    ['QUARTER_HOURLY', '2022-01-03T00:00:00.000Z', '2022-01-03T00:15:00.000Z'],
    ['QUARTER_HOURLY', '2022-01-03T23:59:59.999Z', '2022-01-04T00:00:00.000Z'],
    ['DAILY', '2022-01-03T00:00:00.000Z', '2022-01-04T00:00:00.000Z'],
    ['DAILY', '2022-01-03T23:59:59.999Z', '2022-01-04T00:00:00.000Z'],
    ['WEEKLY', '2022-01-03T00:00:00.000Z', '2022-01-10T00:00:00.000Z'],
    ['WEEKLY', '2022-01-02T12:00:00.000Z', '2022-01-03T00:00:00.000Z'],
    ['WEEKLY', '2022-01-05T12:00:00.000Z', '2022-01-10T00:00:00.000Z'],
    ['MONTHLY', '2022-01-31T23:00:00.000Z', '2022-02-01T00:00:00.000Z'],
    ['MONTHLY', '2022-02-01T00:00:00.000Z', '2022-03-01T00:00:00.000Z'],
    ['MONTHLY', '2022-12-15T00:00:00.000Z', '2023-01-01T00:00:00.000Z'],
  ])('%s after %s is %s', (cadence, after, expected) => {
    expect(toIso(nextOccasion(cadence, toEpochMs(Date.parse(after))))).toBe(expected);
  });
});
