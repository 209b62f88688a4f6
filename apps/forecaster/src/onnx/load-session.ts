import { AppError } from '@candlecast/domain';
import { InferenceSession } from 'onnxruntime-node';
import type { QuantileGrid } from '../models/predictor.ts';
import { hasExternalData } from './find-external-data.ts';

/** Rows in one run: beyond 32 a row costs more, not less. */
const CHUNK_ROWS = 32;

/** A loaded model. It computes one run at a time. */
export interface OnnxSession {
  /** Returns the quantile grid of each input (window, then sigmas). */
  run(inputs: readonly Float32Array[]): Promise<QuantileGrid[]>;
  release(): Promise<void>;
}

/**
 * Loads a model from the bytes of its ONNX file. `ports` are its inputs and outputs, in order; `runChunk` computes the grids of at most 32 inputs. Throws
 * `onnx_external_data` when it refers to other files, `onnx_unreadable` when it is no model, and `onnx_ports_unknown` when it has other ports.
 */
export async function loadSession(
  file: Uint8Array,
  ports: string,
  runChunk: (session: InferenceSession, inputs: readonly Float32Array[]) => Promise<QuantileGrid[]>,
): Promise<OnnxSession> {
  if (hasExternalData(file)) throw new AppError('onnx_external_data', 'the model keeps tensors in other files, which is not allowed');
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' }).catch(
    (cause: unknown) => {
      throw new AppError('onnx_unreadable', 'the file is not a model that the runtime can load', { cause });
    },
  );
  const found = [...session.inputNames, ...session.outputNames].join(', ');
  if (found !== ports) throw new AppError('onnx_ports_unknown', `the model has the ports "${found}", not ${ports}`);
  return {
    async run(inputs) {
      const grids: QuantileGrid[] = [];
      for (let from = 0; from < inputs.length; from += CHUNK_ROWS)
        grids.push(...(await runChunk(session, inputs.slice(from, from + CHUNK_ROWS))));
      return grids;
    },
    release: () => session.release(),
  };
}
