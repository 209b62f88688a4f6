import { type Model, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import type { Predictor } from '../models/predictor.ts';
import { shareVersions } from './share-versions.ts';

const aModel = (id: number): Model => ({
  ...{ id, name: 'har-s', version: `${id}`, kind: 'BASELINE', sha256: 'a'.repeat(64), artifactPath: 'x', featureSchema: 2, card: {} },
  ...{ trainedFrom: null, trainedThrough: null, createdAt: toEpochMs(0) },
});

/** Says what was opened and what was released, by the models' ids. */
function aKind() {
  const told: string[] = [];
  const kind = shareVersions({
    name: 'har-s',
    firstTraining: 'fit-har-s',
    leastHistoryMs: 0,
    async open(model) {
      told.push(`open ${model.id}`);
      if (model.id < 0) throw new Error('unreadable');
      const predictor = { model } as Predictor;
      return { predictor, load: async () => undefined, note: () => undefined, release: async () => void told.push(`release ${model.id}`) };
    },
  });
  return { kind, told };
}

const NONE = new Uint8Array();

describe('shareVersions', () => {
  it('opens a version once for all who ask at a time, and another for itself', async () => {
    const { kind, told } = aKind();
    const [served, member] = await Promise.all([kind.open(aModel(1), NONE), kind.open(aModel(1), NONE)]);
    await kind.open(aModel(2), NONE);
    expect(told).toEqual(['open 1', 'open 2']);
    expect(served.predictor).toBe(member.predictor);
    expect(kind.name).toBe('har-s');
  });

  it('gives a version back with its last holder, and opens it anew after that', async () => {
    const { kind, told } = aKind();
    const [served, member] = [await kind.open(aModel(1), NONE), await kind.open(aModel(1), NONE)];
    await served.release();
    expect(told).toEqual(['open 1']);
    await member.release();
    await kind.open(aModel(1), NONE);
    expect(told).toEqual(['open 1', 'release 1', 'open 1']);
  });

  it('tries again what could not be opened', async () => {
    const { kind, told } = aKind();
    await expect(kind.open(aModel(-1), NONE)).rejects.toThrow('unreadable');
    await expect(kind.open(aModel(-1), NONE)).rejects.toThrow('unreadable');
    expect(told).toEqual(['open -1', 'open -1']);
  });
});
