import { describe, expect, it } from 'vitest';
import { readDayPage } from './day-page.ts';

const page = (query: Record<string, string>, newest: string | null = '2026-03-01T10:00:00.000Z') =>
  readDayPage((name) => query[name], newest, '2027-01-01T00:00:00.000Z');

describe('the page of daily totals', () => {
  it.each([
    ['nothing', {}, { day: '2026-02-28', first: 25 }],
    ['a day', { day: '2026-02-01' }, { day: '2026-02-01', first: 25 }],
    ['a day that does not exist', { day: '2026-02-30' }, { day: '2026-02-28', first: 25 }],
    ['something else', { day: 'yesterday' }, { day: '2026-02-28', first: 25 }],
    ['the next page', { day: '2026-02-01', after: 'c' }, { day: '2026-02-01', first: 25, after: 'c' }],
    ['the page before', { day: '2026-02-01', before: 'c' }, { day: '2026-02-01', last: 25, before: 'c' }],
  ])('is read of an address with %s', (_, query, variables) => {
    expect(page(query)).toEqual({ day: variables.day, variables });
  });

  it('goes by the clock of the machine where the venue has told nothing', () => expect(page({}, null).day).toBe('2026-12-31'));
});
