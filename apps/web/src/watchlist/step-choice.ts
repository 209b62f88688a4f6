/** Returns the entry that a key leads to from `current`: the one above or below, the first, the last; undefined for any other key. The list does not wrap around. */
export function stepChoice<T>(choices: readonly T[], current: T | undefined, key: string): T | undefined {
  const at = current === undefined ? -1 : choices.indexOf(current);
  const last = choices.length - 1;
  const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
  const next = steps[key];
  return next === undefined ? undefined : choices[Math.max(0, Math.min(next, last))];
}
