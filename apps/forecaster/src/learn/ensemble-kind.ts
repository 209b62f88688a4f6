import { AppError, type ForecastReader, type Model } from '@candlecast/domain';
import { parseEnsembleFile } from '../models/ensemble/ensemble-file.ts';
import { createEnsemblePredictor } from '../models/ensemble/ensemble-predictor.ts';
import { HAR_INPUT_FLOATS } from '../models/har/har-file.ts';
import { CONTEXT_INPUT_FLOATS } from '../onnx/context-session.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { loadArtifact } from '../registry/models.ts';
import type { BarModelKind, BarServing } from './bar-learner.ts';
import { ENSEMBLE } from './ensemble-job.ts';

/** What opening an ensemble needs of the world. */
export interface EnsembleSources {
  readonly models: Pick<ForecastReader, 'findModels'>;
  readonly artifacts: ArtifactStore;
}

const INPUT_FLOATS: Readonly<Record<string, number>> = { 'har-s': HAR_INPUT_FLOATS, 'lstm-context': CONTEXT_INPUT_FLOATS };

/** Returns how the ensemble comes to serve: with the very versions that its file names, which it opens for itself. */
export function createEnsembleKind(
  { models, artifacts }: EnsembleSources,
  kinds: readonly BarModelKind[],
  firstTraining: string,
): BarModelKind {
  return {
    name: ENSEMBLE,
    firstTraining,
    leastHistoryMs: Math.max(...kinds.map(({ leastHistoryMs }) => leastHistoryMs)),
    async open(model, bytes) {
      const file = parseEnsembleFile(bytes);
      const known = await models.findModels();
      const opened: BarServing[] = [];
      for (const { name, sha256 } of file.members) opened.push(await openMember(known, name, sha256));
      return {
        predictor: createEnsemblePredictor(
          model,
          file,
          opened.map(({ predictor }) => ({ predictor, inputFloats: INPUT_FLOATS[predictor.model.name] ?? 0 })),
        ),
        async load(instruments, signal) {
          for (const member of opened) await member.load(instruments, signal);
        },
        note(event) {
          for (const member of opened) member.note(event);
        },
        async release() {
          for (const member of opened) await member.release();
        },
      };
    },
  };

  async function openMember(known: readonly Model[], name: string, sha256: string | null): Promise<BarServing> {
    const model = known.find((one) => one.name === name && one.sha256 === sha256);
    const kind = kinds.find((one) => one.name === name);
    if (!model || !kind) throw new AppError('artifact_missing', `the ensemble names ${name} of ${sha256}, which is not registered`);
    return kind.open(model, await loadArtifact(model, artifacts));
  }
}
