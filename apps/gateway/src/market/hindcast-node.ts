import { type Hindcast, type HindcastModel, toHindcastId, toIso } from '@candlecast/domain';
import type { ForecastNode, ModelNode } from './forecast-nodes.ts';

/**
 * Returns a hindcast as it is shown: a forecast of kind HINDCAST whose time of issue is its `asOf`, late, for it was made after the fact. It stands in no
 * ledger, so that its place there is 0 and its hashes are empty; nothing comes of it, and it counts for no skill.
 */
export function toHindcastNode(hindcast: Hindcast): ForecastNode {
  const { model, instrumentId, horizon, asOf, targetTime, refPrice, pUp, quantiles } = hindcast;
  return {
    ...{ id: toHindcastId(hindcast), kind: 'HINDCAST', instrumentId, horizon, asOf, targetTime, refPrice, pUp, quantiles },
    ...{ issuedAt: asOf, timing: 'LATE', inputHash: model.dataHash, codeVersion: model.codeVersion },
    ...{ reference: null, calibration: null, signal: null, ledgerSeq: 0, prevHash: '', hash: '' },
    model: toModelNode(model),
    loadResolution: async () => null,
    loadSkill: async () => null,
  };
}

/** Returns the model of a hindcast; its version is when its training ended and the beginning of the hash of its data. */
function toModelNode({ id, name, trainedFrom, trainedThrough, dataHash, featureSchema, madeAt }: HindcastModel): ModelNode {
  const version = `${toIso(trainedThrough).slice(0, 10)}-${dataHash.slice(0, 8)}`;
  const facts = { name, version, trainedFrom, trainedThrough, featureSchema, createdAt: madeAt };
  return { ...facts, id: `hindcast:${id}`, kind: 'BASELINE', sha256: null, artifactPath: null, card: {} };
}
