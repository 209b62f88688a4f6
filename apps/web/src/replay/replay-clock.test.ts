import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { momentAt, parseReplay, type ReplayPace, replayHref, replayTimeAt, toClockInput, withSpeed } from './replay-clock.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;
const reader = (values: Record<string, string>) => (name: string) => values[name];
const PACE: ReplayPace = { replayFrom: at('2022-01-03T01:00:00Z'), speed: 60, anchoredAt: at('2026-05-01T00:00:00Z') };

describe('the address of a replay', () => {
  it.each([
    [{ at: '2022-01-03T01:00:00.000Z' }, at('2022-01-03T01:00:00Z'), 60],
    [{ at: '2022-01-03T01:00', speed: '3600' }, at('2022-01-03T01:00:00Z'), 3_600],
    [{ at: '2022-01-03T01:00:00+02:00', speed: '0' }, at('2022-01-02T23:00:00Z'), 0],
    [{ at: '2022-01-03' }, at('2022-01-03T00:00:00Z'), 60],
  ])('%j begins at a moment, at a speed', (values, replayFrom, speed) => {
    expect(parseReplay(reader(values))).toEqual({ ok: true, wish: { replayFrom, speed } });
  });

  it.each([
    [{ at: 'yesterday' }, '"yesterday" is not a date and time'],
    [{ at: '2022-13-03T01:00' }, '"2022-13-03T01:00" is not a date and time'],
    [{ at: '2022-01-03T01:00', speed: '3601' }, 'speed "3601" is not a number from 0 to 3600'],
    [{ at: '2022-01-03T01:00', speed: '-1' }, 'speed "-1" is not'],
  ])('%j is refused by name', (values, problem) => {
    expect(parseReplay(reader(values))).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('without a moment is none', () => {
    expect(parseReplay(reader({ speed: '60' }))).toBeUndefined();
    expect(parseReplay(reader({ at: ' ' }))).toBeUndefined();
  });

  it('is a permalink: what is written is read again', () => {
    const href = replayHref(PACE, 'v=1&panes=BTCUSDT@1m');
    const query = new URL(href, 'http://localhost').searchParams;
    expect(parseReplay((name) => query.get(name) ?? undefined)).toEqual({ ok: true, wish: { replayFrom: PACE.replayFrom, speed: 60 } });
    expect(query.get('panes')).toBe('BTCUSDT@1m');
  });
});

describe('the time of a replay', () => {
  it('runs by its speed from its anchor on, and stands before it', () => {
    expect(replayTimeAt(PACE, (PACE.anchoredAt + 1_000) as EpochMs)).toBe(at('2022-01-03T01:01:00Z'));
    expect(replayTimeAt(PACE, (PACE.anchoredAt - 1_000) as EpochMs)).toBe(PACE.replayFrom);
  });

  it('is never asked about beyond the present', () => {
    const edge = { present: at('2022-01-03T01:00:30Z'), openedAt: PACE.anchoredAt };
    expect(momentAt(PACE, edge, (PACE.anchoredAt + 100) as EpochMs)).toBe(at('2022-01-03T01:00:06Z'));
    expect(momentAt(PACE, edge, (PACE.anchoredAt + 10_000) as EpochMs)).toBe(at('2022-01-03T01:00:40Z'));
  });

  it('goes on from where it stands at another speed', () => {
    const paused = withSpeed(PACE, 0, (PACE.anchoredAt + 2_000) as EpochMs);
    expect(replayTimeAt(paused, (PACE.anchoredAt + 60_000) as EpochMs)).toBe(at('2022-01-03T01:02:00Z'));
    expect(toClockInput(paused)).toEqual({
      replayFrom: '2022-01-03T01:02:00.000Z',
      speed: 0,
      anchoredAt: '2026-05-01T00:00:02.000Z',
    });
  });
});
