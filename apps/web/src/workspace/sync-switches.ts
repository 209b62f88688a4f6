/** What charts can have in common. `time` moves them together, each at its own zoom; `range` shows the same span in all. */
export const SYNC_KINDS = ['symbol', 'interval', 'crosshair', 'time', 'range'] as const;
export type SyncKind = (typeof SYNC_KINDS)[number];

/** The five independent switches. */
export type SyncSwitches = Readonly<Record<SyncKind, boolean>>;

export const DEFAULT_SYNC: SyncSwitches = { symbol: false, interval: false, crosshair: true, time: false, range: false };

const LETTERS: Readonly<Record<SyncKind, string>> = { symbol: 's', interval: 'i', crosshair: 'c', time: 't', range: 'r' };

/** Reads "sc": the switches that are on, by their first letters; "-" is none. What is no such text is the usual choice. */
export function parseSync(text: string | undefined): SyncSwitches {
  if (text === undefined || !/^(-|[sictr]{1,5})$/.test(text)) return DEFAULT_SYNC;
  return Object.fromEntries(SYNC_KINDS.map((kind) => [kind, text.includes(LETTERS[kind])])) as SyncSwitches;
}

/** Returns the switches as an address holds them; empty for the usual choice. */
export function formatSync(sync: SyncSwitches): string {
  if (SYNC_KINDS.every((kind) => sync[kind] === DEFAULT_SYNC[kind])) return '';
  return (
    SYNC_KINDS.filter((kind) => sync[kind])
      .map((kind) => LETTERS[kind])
      .join('') || '-'
  );
}
