import { type BarSchema, featureGroups } from '../features/bar-schema.ts';
import { LADDER, linearQuantile } from '../models/ladder/ladder.ts';
import type { LadderModel } from '../models/ladder/ladder-model.ts';
import { findTrial, trialModel } from './search.ts';
import { withoutGroup } from './without-group.ts';

const ABLATED = `${linearQuantile.name}-without-`;

/** Returns the names of the models that tell what each group of features of a schema is worth: the linear quantile head trained without it. */
export function ablationNames(schema: BarSchema): string[] {
  return featureGroups(schema).map((group) => `${ABLATED}${group}`);
}

/** Returns a row of the ladder, an ablated model or a trial of the search by name; undefined for a name that is none. */
export function findModel(name: string): LadderModel | undefined {
  const trial = findTrial(name);
  if (trial) return trialModel(name, trial);
  return name.startsWith(ABLATED) ? ablated(name.slice(ABLATED.length)) : LADDER.find((model) => model.name === name);
}

function ablated(group: string): LadderModel {
  return {
    ...linearQuantile,
    name: `${ABLATED}${group}`,
    async fit(set, rows, seed) {
      const { card, predict } = await linearQuantile.fit(withoutGroup(set, group), rows, seed);
      return { card, predict: (other, wanted) => predict(withoutGroup(other, group), wanted) };
    },
  };
}
