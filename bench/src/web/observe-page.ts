import type { Page } from 'playwright-core';

/** What the browser saw of a page, in milliseconds of the page's own time. */
export interface Observed {
  readonly largestPaintMs: number;
  readonly layoutShift: number;
  /** How much of tasks was over 50 ms, from the first paint on. */
  readonly blockedMs: number;
  readonly longTasks: readonly number[];
  /** How long the slowest interaction took to be painted; 0 without one. */
  readonly slowestInteractionMs: number;
}

interface Seen {
  readonly largestPaintMs: number;
  readonly layoutShift: number;
  readonly slowestInteractionMs: number;
  readonly firstPaintMs: number;
  /** Begin and length. */
  readonly tasks: readonly (readonly [number, number])[];
}

/** Runs in the page. */
const WATCH = `{
  const seen = { largestPaintMs: 0, layoutShift: 0, tasks: [], slowestInteractionMs: 0, firstPaintMs: 0 };
  const watch = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch('paint', (entry) => { if (entry.name === 'first-contentful-paint') seen.firstPaintMs = entry.startTime; });
  watch('largest-contentful-paint', (entry) => { seen.largestPaintMs = entry.startTime; });
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.layoutShift += entry.value; });
  watch('longtask', (entry) => { seen.tasks.push([entry.startTime, entry.duration]); });
  const slowest = (entry) => { if (entry.interactionId) seen.slowestInteractionMs = Math.max(seen.slowestInteractionMs, entry.duration); };
  watch('event', slowest, { durationThreshold: 16 });
  window.__seen = seen;
}`;

/** Has the page watch itself from its first moment on, as the field metrics are defined. */
export async function observePage(page: Page): Promise<void> {
  await page.addInitScript({ content: WATCH });
}

/** Reads what was seen up to now; `sinceMs` leaves out tasks that began before. */
export async function readObserved(page: Page, sinceMs = 0): Promise<Observed> {
  const seen = await page.evaluate<Seen>('window.__seen');
  const from = Math.max(sinceMs, seen.firstPaintMs);
  const longTasks = seen.tasks.filter(([start]) => start >= from).map(([, duration]) => duration);
  return { ...seen, longTasks, blockedMs: longTasks.reduce((sum, duration) => sum + duration - 50, 0) };
}

/** Milliseconds since the page began. */
export function pageTime(page: Page): Promise<number> {
  return page.evaluate<number>('performance.now()');
}
