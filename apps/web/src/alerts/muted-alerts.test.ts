import { describe, expect, it } from 'vitest';
import { openMutedAlerts, toggleMuted } from './muted-alerts.ts';

function memory(first?: string) {
  const values = new Map<string, string>();
  if (first !== undefined) values.set('candlecast-muted-alerts', first);
  return { getItem: (name: string) => values.get(name) ?? null, setItem: (name: string, value: string) => void values.set(name, value) };
}

describe('muted alerts', () => {
  it('are kept between visits, and can be heard again', () => {
    const store = memory();
    const muted = openMutedAlerts(store);
    toggleMuted(muted, store, 'a');
    toggleMuted(muted, store, 'b');
    expect(openMutedAlerts(store).getState().ids).toEqual(['a', 'b']);
    toggleMuted(muted, store, 'a');
    expect(openMutedAlerts(store).getState().ids).toEqual(['b']);
  });

  it.each(['{', '{"a":1}', '[1,2]'])('are none where %s is kept', (text) => {
    expect(openMutedAlerts(memory(text)).getState().ids).toEqual([]);
  });

  it('are at most 200', () => {
    const store = memory();
    const muted = openMutedAlerts(store);
    for (let id = 0; id < 205; id += 1) toggleMuted(muted, store, `${id}`);
    expect(muted.getState().ids).toHaveLength(200);
    expect(muted.getState().ids.at(-1)).toBe('204');
  });
});
