/** What server and browser ask for: the same variables in one order, so that the browser finds what the server rendered. */
export const CHANGES = { first: 100 } as const;
export const RUNS = { first: 20 } as const;
export const RECORD = { window: 'DAYS_30' } as const;
