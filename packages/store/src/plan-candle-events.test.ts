import { closeTimeOf, type EpochMs, INTERVALS } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCandleEvents, planSeamCorrections, type SeriesChange } from './plan-candle-events.ts';
import { MONDAY, minute } from './testing/test-store.ts';

function change(values: Partial<SeriesChange> & { readonly rowsAt?: readonly number[] }): SeriesChange {
  const rows = (values.rowsAt ?? []).map((count) => ({ openTime: minute(count), change: 'new' as const }));
  return { seriesId: 1, liveSince: minute(0), before: null, after: null, rows, ...values };
}

function brief(changes: readonly SeriesChange[]): string[] {
  return planCandleEvents(changes).map(
    ({ topic, interval, openTime, seriesId }) => `${topic.slice(7)} ${seriesId} ${interval} ${(openTime - MONDAY) / 60_000}`,
  );
}

describe('planCandleEvents', () => {
  it('closes a minute and then every interval that it completes', () => {
    expect(brief([change({ before: minute(13), after: minute(14), rowsAt: [14] })])).toEqual([
      'closed 1 1m 14',
      'closed 1 3m 12',
      'closed 1 5m 10',
      'closed 1 15m 0',
    ]);
  });

  it('puts what closed first first, over all series', () => {
    const both = [1, 2].map((seriesId) => change({ seriesId, before: minute(4), after: minute(6), rowsAt: [5, 6] }));
    expect(brief(both)).toEqual(['closed 1 1m 5', 'closed 1 3m 3', 'closed 2 1m 5', 'closed 2 3m 3', 'closed 1 1m 6', 'closed 2 1m 6']);
  });

  it('closes minutes above a hole at once, their roll-ups when the hole is filled', () => {
    expect(brief([change({ before: minute(3), after: minute(3), rowsAt: [5] })])).toEqual(['closed 1 1m 5']);
    expect(brief([change({ before: minute(3), after: minute(5), rowsAt: [4] })])).toEqual([
      'closed 1 1m 4',
      'closed 1 5m 0',
      'closed 1 3m 3',
    ]);
  });

  it('corrects a minute at or below the watermark and the roll-ups above it that were closed', () => {
    expect(brief([change({ before: minute(6), after: minute(6), rowsAt: [2] })])).toEqual([
      'corrected 1 1m 2',
      'corrected 1 3m 0',
      'corrected 1 5m 0',
    ]);
  });

  it('corrects a changed minute above the watermark without its roll-ups, which are still open', () => {
    const rows = [{ openTime: minute(8), change: 'corrected' as const }];
    expect(brief([change({ before: minute(6), after: minute(6), rows })])).toEqual(['corrected 1 1m 8']);
  });

  it('begins with the first live minute', () => {
    expect(brief([change({ liveSince: minute(4), after: minute(4), rowsAt: [4] })])).toEqual(['closed 1 1m 4', 'closed 1 5m 0']);
  });

  it('counts a row off the grid for the minute that contains it', () => {
    const offGrid = { openTime: (minute(4) + 14_800) as EpochMs, change: 'new' as const };
    expect(brief([change({ before: minute(3), after: offGrid.openTime, rows: [offGrid] })])).toEqual([
      'closed 1 5m 0',
      'closed 1 1m 4.246666666666667',
    ]);
  });

  it('closes every bucket exactly once, however the minutes are cut into transactions', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 2_999 }), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, (points) => {
        const ends = [...points.sort((a, b) => a - b), 3_000];
        const events = ends.flatMap((end, index) => {
          const from = ends[index - 1] ?? 0;
          const rowsAt = Array.from({ length: end - from }, (_, step) => from + step);
          return planCandleEvents([change({ before: from === 0 ? null : minute(from - 1), after: minute(end - 1), rowsAt })]);
        });
        for (const interval of INTERVALS) {
          const openTimes = events.filter((event) => event.interval === interval).map((event) => event.openTime);
          const expected = [];
          for (let time = MONDAY; closeTimeOf(time, interval) <= minute(3_000); time = closeTimeOf(time, interval)) expected.push(time);
          expect(openTimes).toEqual(expected);
        }
        expect(events.every((event) => event.topic === 'candle.closed')).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

describe('planSeamCorrections', () => {
  const seam = (before: EpochMs | null, newest: EpochMs) =>
    planSeamCorrections({ seriesId: 1, liveSince: minute(4), before }, newest).map(
      ({ interval, openTime }) => `${interval} ${(openTime - MONDAY) / 60_000}`,
    );

  it('corrects what was closed with its live minutes alone when the minutes before them come', () => {
    expect(seam(minute(14), minute(3))).toEqual(['3m 3', '5m 0', '15m 0']);
    expect(seam(minute(14), minute(2))).toEqual(['5m 0', '15m 0']);
  });

  it('says nothing of what is still open, nor of history that ends before', () => {
    expect(seam(minute(3), minute(3))).toEqual([]);
    expect(seam(null, minute(3))).toEqual([]);
    expect(seam(minute(14), minute(-1))).toEqual([]);
  });
});
