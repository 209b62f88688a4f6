import { type FinishedRun, type NewRun, toEpochMs } from '@candlecast/domain';
import { FEATURE_SCHEMA } from '../features/feature-schema.ts';

/** A training that begins. */
export const A_RUN: NewRun = { venue: 'SIM', name: 'planted', parameters: {}, seed: 1, dataHash: 'd'.repeat(64), codeVersion: 'test' };

/** What such a training came to. */
export function aFinishedRun(id: string): FinishedRun {
  const model = {
    ...{ name: A_RUN.name, version: '1', kind: 'LSTM' as const, sha256: 'a'.repeat(64), artifactPath: 'models/planted-1/model.onnx' },
    ...{ trainedFrom: toEpochMs(0), trainedThrough: toEpochMs(1), featureSchema: FEATURE_SCHEMA, card: { venue: 'SIM' } },
  };
  return { id, parameters: {}, metrics: { validationLoss: 0.5 }, artifacts: [], model };
}
