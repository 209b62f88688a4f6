import { formatLayouts, parseLayouts, type SavedLayout } from '../saved-layouts.ts';

const KEY = 'candlecast.layouts';

/** Returns the layouts that this browser keeps; none where it keeps none, or something else under their name. */
export function readStored(): readonly SavedLayout[] {
  const stored = parseLayouts(readText());
  return stored.ok ? stored.value : [];
}

/** Keeps layouts in this browser. Returns why it could not, undefined when it did. */
export function writeStored(layouts: readonly SavedLayout[]): string | undefined {
  try {
    localStorage.setItem(KEY, formatLayouts(layouts));
    return undefined;
  } catch (cause) {
    return `this browser keeps no layouts: ${cause instanceof Error ? cause.message : cause}`;
  }
}

function readText(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return ''; // storage is switched off
  }
}
