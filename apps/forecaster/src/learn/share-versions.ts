import type { BarModelKind, BarServing } from './bar-learner.ts';

/**
 * Returns a kind that opens each version once, however many ask for it: who serves it and the ensemble that it is a member of keep one set of histories.
 * What a version holds is given back when the last who opened it has released it.
 */
export function shareVersions(kind: BarModelKind): BarModelKind {
  const open = new Map<number, { readonly serving: Promise<BarServing>; holders: number }>();
  return {
    ...kind,
    async open(model, file) {
      const shared = open.get(model.id) ?? { serving: kind.open(model, file), holders: 0 };
      open.set(model.id, shared);
      shared.holders += 1;
      const serving = await shared.serving.catch((cause: unknown) => {
        open.delete(model.id);
        throw cause;
      });
      return {
        ...serving,
        async release() {
          shared.holders -= 1;
          if (shared.holders > 0) return;
          open.delete(model.id);
          await serving.release();
        },
      };
    },
  };
}
