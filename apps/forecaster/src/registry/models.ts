import { AppError, type FinishedRun, type ForecastReader, type Model, type RunArtifact, toIso, type Venue } from '@candlecast/domain';
import { BAR_FEATURE_SCHEMA } from '../features/bar-schema.ts';
import { FEATURE_SCHEMA } from '../features/feature-schema.ts';
import type { TrainedModel } from '../models/estimator.ts';
import { type ArtifactStore, toSha256 } from './artifact-store.ts';

/** A model whose files are stored and that is yet to be registered. */
export type StoredModel = Pick<FinishedRun, 'model' | 'artifacts'>;

/** Stores a trained model's files: a model is registered after that, so that a registered one has been there. Storing it again changes nothing. */
export async function storeModel(trained: TrainedModel, venue: Venue, artifacts: ArtifactStore): Promise<StoredModel> {
  const { name, kind, file, fileName, trainedFrom, trainedThrough, featureSchema } = trained;
  const sha256 = toSha256(file);
  const stamp = toIso(trainedThrough)
    .replaceAll(/[-:]|\.\d+/g, '')
    .toLowerCase();
  const version = `${venue.toLowerCase()}-${stamp}-${sha256.slice(0, 8)}`;
  const facts = { name, version, kind, sha256, trainedFrom, trainedThrough, featureSchema };
  const card = { venue, ...trained.card };
  const artifactPath = await artifacts.write(`${name}-${version}`, file, { ...facts, ...card }, fileName);
  const artifact: RunArtifact = { name: fileName, path: artifactPath, sha256, sizeBytes: file.byteLength };
  return { model: { ...facts, artifactPath, card }, artifacts: [artifact] };
}

/** Models that read bars (`LIVE_BARS`); the others read windows of minutes. */
export const BAR_MODELS: readonly string[] = ['har-s', 'lstm-context', 'ensemble'];

/**
 * Returns the newest version of each model that can serve the venue: those that were trained for it on today's features, and the reference,
 * which is not trained.
 */
export async function findNewestModels(reader: Pick<ForecastReader, 'findModels'>, venue: Venue): Promise<Map<string, Model>> {
  return toNewestModels(await reader.findModels(), venue);
}

/** Returns of these models what `findNewestModels` does of all. */
export function toNewestModels(models: readonly Model[], venue: Venue): Map<string, Model> {
  const usable = models.filter(
    ({ name, kind, featureSchema, card }) =>
      (kind === 'BASELINE' && card.venue === undefined) ||
      (featureSchema === (BAR_MODELS.includes(name) ? BAR_FEATURE_SCHEMA : FEATURE_SCHEMA) && card.venue === venue),
  );
  // Later ones replace earlier ones under their name.
  return new Map(usable.sort((a, b) => a.createdAt - b.createdAt || a.id - b.id).map((model) => [model.name, model]));
}

/** Returns the greatest id of these models; 0 where there is none. */
export function newestId(models: readonly Model[]): number {
  return Math.max(0, ...models.map(({ id }) => id));
}

/** Reads the file of a registered model; see `ArtifactStore.load` for what it throws. */
export async function loadArtifact({ name, version, artifactPath, sha256 }: Model, artifacts: ArtifactStore): Promise<Uint8Array> {
  if (artifactPath === null || sha256 === null) throw new AppError('artifact_missing', `model ${name} ${version} has no file`);
  return artifacts.load(artifactPath, sha256);
}
