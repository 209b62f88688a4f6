import { AppError, QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { SEQUENCE_COLUMNS } from '../../features/bar-schema.ts';
import { contextWidth, fitRows } from '../context-scaler.ts';
import type { LadderModel, LadderPredictor, LadderProgress, TrainingRows } from '../ladder/ladder-model.ts';
import { prepareTensorflow } from '../lstm/tensorflow.ts';
import type { Scaler } from '../scaler.ts';
import type { BodyBuilder } from './bodies.ts';
import { harStart } from './har-start.ts';
import { applyNet, CONTEXT_LIMIT, type NetWeights, type ScaledSet, type TrainedNetwork, trainNet } from './train-net.ts';

/** How a network is trained. */
export interface NetSettings {
  readonly batch: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Epochs without a better validation loss before training ends. */
  readonly patience: number;
  /** Windows of one epoch, at most. */
  readonly windows: number;
  /** Networks whose quantiles are averaged. */
  readonly seeds: number;
  /** Where the head begins: `har-start.ts`; at zero, the EWMA-normal, when absent. */
  readonly start?: 'har-s';
}

const LEAST_ROWS = 256;
const LEVELS = QUANTILE_LEVELS.length;

/** A trained network as plain numbers: what is exported. */
export interface TrainedNet {
  readonly scalers: { readonly context: Scaler; readonly sequence: Scaler };
  readonly weights: readonly NetWeights[];
}

/** A fitted network; `trained` is what an export needs. */
export interface NetPredictor extends LadderPredictor {
  readonly trained: TrainedNet;
}

/** A network as a row of the ladder. */
export interface NetModel extends LadderModel {
  fit(...args: Parameters<LadderModel['fit']>): Promise<NetPredictor>;
}

/** Returns a network with the quantile head as a row of the ladder: pooled over instruments, all horizons at once. */
export function quantileNet(name: string, description: string, body: BodyBuilder, settings: NetSettings): NetModel {
  return {
    name,
    family: 'network',
    description,
    settings,
    async fit(set, rows, seed, onProgress) {
      await prepareTensorflow();
      if (rows.training.length < LEAST_ROWS || rows.validation.length === 0)
        throw new AppError('history_too_short', `${rows.training.length} windows to train on are fewer than ${LEAST_ROWS}`);
      const scalers = fitScalers(set, rows);
      const scaled = { set, ...scalers };
      const start = settings.start && harStart(set, scalers.context, CONTEXT_LIMIT, rows.training);
      const nets: TrainedNetwork[] = [];
      for (let index = 0; index < settings.seeds; index++) {
        const own = seed + index;
        nets.push(
          trainNet(
            scaled,
            rows,
            body,
            settings,
            own,
            (progress) => onProgress?.({ seed: own, ...progress } satisfies LadderProgress),
            start,
          ),
        );
      }
      return {
        trained: { scalers, weights: nets.map(({ weights }) => weights) },
        card: { settings, nets: nets.map(({ weights: _, ...rest }) => rest) },
        predict: (other, wanted) => predict({ set: other, ...scalers }, wanted, body, settings, nets),
      };
    },
  };
}

function fitScalers(set: DataSet, { training }: TrainingRows): TrainedNet['scalers'] {
  return { context: fitRows(set.context, contextWidth(set), training), sequence: fitRows(set.sequence, SEQUENCE_COLUMNS.length, training) };
}

/** Averages the quantiles of the networks and turns them into log returns. */
function predict(
  scaled: ScaledSet,
  rows: Uint32Array,
  body: BodyBuilder,
  { batch }: NetSettings,
  nets: readonly TrainedNetwork[],
): Float32Array {
  const horizons = scaled.set.schema.horizons.length;
  const out = new Float32Array(rows.length * horizons * LEVELS);
  for (const { weights } of nets) {
    applyNet(scaled, rows, body, batch, weights, (quantiles, from) => {
      for (let index = 0; index < quantiles.length; index++) {
        const at = from * horizons * LEVELS + index;
        const row = rows[Math.floor(at / (horizons * LEVELS))] as number;
        const sigma = scaled.set.sigmas[row * horizons + (Math.floor(at / LEVELS) % horizons)] as number;
        out[at] = (out[at] as number) + ((quantiles[index] as number) * sigma) / nets.length;
      }
    });
  }
  return out;
}
