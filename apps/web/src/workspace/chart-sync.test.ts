import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { createChartSync, type SyncedChart } from './chart-sync.ts';
import { DEFAULT_SYNC, type SyncSwitches } from './sync-switches.ts';

const SPAN = { from: 1_000 as EpochMs, to: 2_000 as EpochMs };

/** Charts that write down what they are told; the first of them stands at `SPAN`. */
function threeCharts(sync: Partial<SyncSwitches>) {
  const said: string[] = [];
  const hub = createChartSync<SyncedChart>(() => ({ ...DEFAULT_SYNC, ...sync }));
  for (const index of [0, 1, 2]) {
    hub.add(index, {
      visibleSpan: () => SPAN,
      showSpan({ from, to }) {
        said.push(`${index} shows ${from}-${to}`);
        // A chart tells of every move, whoever made it.
        hub.moved(index, { from, to });
      },
      showUntil(time) {
        said.push(`${index} ends at ${time}`);
        hub.moved(index, { from: 0 as EpochMs, to: time });
      },
      setCrosshair(time) {
        said.push(`${index} points at ${time}`);
        hub.pointed(index, time);
      },
    });
  }
  return { hub, said };
}

describe('charts in sync', () => {
  it('point at the same time, and at nothing when the crosshair leaves', () => {
    const { hub, said } = threeCharts({});
    hub.lead(1);
    hub.pointed(1, 5 as EpochMs);
    hub.pointed(1, undefined);
    expect(said).toEqual(['0 points at 5', '2 points at 5', '0 points at undefined', '2 points at undefined']);
  });

  it('follow one chart only: what they are told themselves goes no further', () => {
    const { hub, said } = threeCharts({ range: true });
    hub.lead(0);
    hub.moved(0, SPAN);
    hub.moved(1, SPAN);
    expect(said).toEqual(['1 shows 1000-2000', '2 shows 1000-2000']);
  });

  it('end at the same time, each at its own zoom, where the range is their own', () => {
    const { hub, said } = threeCharts({ time: true });
    hub.lead(2);
    hub.moved(2, SPAN);
    expect(said).toEqual(['0 ends at 2000', '1 ends at 2000']);
  });

  it('go their own way when nothing is in sync', () => {
    const { hub, said } = threeCharts({ crosshair: false });
    hub.lead(0);
    hub.moved(0, SPAN);
    hub.pointed(0, 5 as EpochMs);
    expect(said).toEqual([]);
  });

  it('come to the active one when a switch is turned on', () => {
    const { hub, said } = threeCharts({ range: true });
    hub.align(1);
    expect(said).toEqual(['0 shows 1000-2000', '2 shows 1000-2000']);
  });

  it('are let go of', () => {
    const { hub, said } = threeCharts({ range: true });
    const chart = hub.chartOf(2) as SyncedChart;
    hub.add(2, chart)();
    hub.lead(0);
    hub.moved(0, SPAN);
    expect(said).toEqual(['1 shows 1000-2000']);
  });
});
