import { describe, expect, it } from 'vitest';
import { compareHeard, type StoredEntry } from './compare-heard.ts';

const heard = (issued: Record<string, string>, resolved: Record<string, string> = {}) => ({
  issued: new Map(Object.entries(issued)),
  resolved: new Map(Object.entries(resolved)),
  doubles: [],
});
const entry = (more: Partial<StoredEntry> = {}): StoredEntry => ({
  ...{ id: 'a', ledgerSeq: 1, hash: 'ff', isResolved: false, actual: null, crps: null },
  ...more,
});
const scored = { isResolved: true, actual: '1.50', crps: 0.25 };

describe('compareHeard', () => {
  it('finds nothing where the ledger is what was published', () => {
    expect(compareHeard(heard({ a: '1 ff' }, { a: '1.50 0.25' }), [entry(scored)])).toEqual([]);
  });

  it.each([
    ['was lost', heard({ a: '1 ff', b: '2 ee' }), entry(), 'b was published as 2 ee and is not in the ledger'],
    ['was changed', heard({ a: '1 fe' }), entry(), 'a was published as 1 fe, the ledger has 1 ff'],
    ['was kept back', heard({}), entry(), 'entry 1 (a) was never published'],
    ['lost its score', heard({ a: '1 ff' }, { a: '1.50 0.25' }), entry(), 'a was resolved as 1.50 0.25 and no score is stored'],
    ['has another score', heard({ a: '1 ff' }, { a: '1.50 0.5' }), entry(scored), 'a was resolved as 1.50 0.5, stored is 1.50 0.25'],
    ['has a score that nobody was told', heard({ a: '1 ff' }), entry(scored), 'entry 1 (a) has a score that was never published'],
  ])('names what %s', (_, told, stored, finding) => {
    expect(compareHeard(told, [stored])).toEqual([finding]);
  });

  it('names what was published twice', () => {
    expect(compareHeard({ ...heard({ a: '1 ff' }), doubles: ['a was published twice'] }, [entry()])).toEqual(['a was published twice']);
  });
});
