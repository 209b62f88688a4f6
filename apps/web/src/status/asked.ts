/** How many lines of a gap ledger are shown. */
export const GAPS = { last: 25 } as const;
