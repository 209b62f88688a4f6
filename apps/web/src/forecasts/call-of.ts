/** What a forecast says of the direction. NO CALL: a rise and a fall are equally likely, so nobody can be right or wrong. */
export type Call = 'UP' | 'DOWN' | 'NO CALL';

/** A shape for every call, so that none is told by colour alone. */
export const CALL_ARROWS: Readonly<Record<Call, string>> = { UP: '▲', DOWN: '▼', 'NO CALL': '◆' };

/** Returns the call of a forecast by its probability of a rise, as hits are counted: only exactly one half is none. */
export function callOf(pUp: number): Call {
  return pUp === 0.5 ? 'NO CALL' : pUp > 0.5 ? 'UP' : 'DOWN';
}

/** Returns the probability of what is called (of a rise, where nothing is) in percent: "63 %"; near one half to a tenth. */
export function formatChance(pUp: number): string {
  const percent = Math.max(pUp, 1 - pUp) * 100;
  return `${percent.toFixed(percent < 51 && pUp !== 0.5 ? 1 : 0)} %`;
}

/** What came of a forecast. */
export type Outcome = 'waiting' | 'void' | 'hit' | 'miss' | 'no call' | 'late';

interface Judged {
  readonly hit: boolean | null;
  readonly voidReason: string | null;
  readonly isReference: boolean | null;
}

/** Returns what came of a forecast. A late one counts as its baseline and is neither hit nor miss. */
export function outcomeOf(resolution: Judged | null): Outcome {
  if (resolution === null) return 'waiting';
  if (resolution.voidReason !== null) return 'void';
  if (resolution.hit !== null) return resolution.hit ? 'hit' : 'miss';
  return resolution.isReference === true ? 'late' : 'no call';
}

/** A shape and a word for every outcome. */
export const OUTCOME_TEXTS: Readonly<Record<Outcome, string>> = {
  waiting: '… waiting',
  void: '∅ void',
  hit: '✓ hit',
  miss: '✗ miss',
  'no call': '– no call',
  late: '– late',
};
