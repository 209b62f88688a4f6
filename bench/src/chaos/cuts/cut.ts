/** Ways for a client's socket to break. */
export const CUT_KINDS = [
  'FIN',
  'RST',
  'inside a frame',
  'again while it catches up',
  'half-open',
  'gateway killed',
  'gateway drained',
  'slow reader',
  'storm',
] as const;
export type CutKind = (typeof CUT_KINDS)[number];

/** A socket that was cut. */
export interface Cut {
  readonly kind: CutKind;
  readonly client: string;
  /** Connections that the client had made before. */
  readonly connections: number;
  /** When it was aimed at, on the monotonic clock. */
  readonly struckAtMs: number;
  /** When the client's socket closed, and how; absent until then. */
  closedAtMs?: number;
  code?: number;
  /** From the break until everything that was missed had come and every stream was live again; absent until then. */
  resumedAfterMs?: number;
}

/** What clients see of each kind: 1006 is a socket that ended without a word, 4499 one that the client gave up. */
const CODES_OF: Readonly<Record<CutKind, readonly number[]>> = {
  FIN: [1006],
  RST: [1006],
  'inside a frame': [1006],
  'again while it catches up': [1006],
  // Whose ping finds it first: the client's, or the gateway's, which then ends the connection.
  'half-open': [4499, 1006],
  'gateway killed': [1006],
  'gateway drained': [1012],
  'slow reader': [4290],
  storm: [1006],
};

/** Tells whether a socket closed as its kind of cut has it. */
export function isAsMeant({ kind, code }: Cut): boolean {
  return code !== undefined && CODES_OF[kind].includes(code);
}

/** When a cut took effect: a half-open link is dead long before its socket closes. */
export function brokenAtMs(cut: Cut): number {
  return cut.kind === 'half-open' ? cut.struckAtMs : (cut.closedAtMs ?? cut.struckAtMs);
}
