import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHiddenPause, type Sight } from './hidden-pause.ts';

const PATIENCE_MS = 5_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(visibilityState: Sight['visibilityState'] = 'visible') {
  const page = Object.assign(new EventTarget(), { visibilityState });
  const told: string[] = [];
  const pause = createHiddenPause({ page, patienceMs: PATIENCE_MS, onChange: (isPaused) => told.push(isPaused ? 'paused' : 'on') });
  const flow = (name: string) => ({ pause: () => void told.push(`${name} pauses`), resume: () => void told.push(`${name} goes on`) });
  const show = (state: Sight['visibilityState']) => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { told, show, add: (name: string) => pause.add(flow(name)) };
}

describe('a page that is hidden', () => {
  it('pauses what flows after a while, and lets it go on when it is seen', () => {
    const { told, show, add } = setUp();
    add('a');
    const leave = add('b');
    show('hidden');
    vi.advanceTimersByTime(PATIENCE_MS - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told.splice(0)).toEqual(['a pauses', 'b pauses', 'paused']);
    leave();
    show('visible');
    expect(told).toEqual(['a goes on', 'on']);
  });

  it('interrupts nothing when it is seen again at once', () => {
    const { told, show, add } = setUp();
    add('a');
    show('hidden');
    show('visible');
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(told).toEqual([]);
  });

  it('pauses what begins meanwhile, also where it was never seen', () => {
    const { told, show, add } = setUp('hidden');
    add('a');
    vi.advanceTimersByTime(PATIENCE_MS);
    add('b');
    show('visible');
    expect(told).toEqual(['a pauses', 'paused', 'b pauses', 'a goes on', 'b goes on', 'on']);
  });
});
