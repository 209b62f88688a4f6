import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What names a fit: the same key, the same forecasts. */
export interface FitKey {
  readonly model: string;
  readonly fold: number;
  /** Everything else that decides the outcome: data, fold, settings, seed. */
  readonly facts: unknown;
}

/** What is kept of a fit. */
export interface KeptFit {
  /** Quantiles of the fold's test rows, [rows, horizons, levels]. */
  readonly quantiles: Float32Array;
  readonly card: Readonly<Record<string, unknown>>;
}

/** Forecasts on disk, so that an evaluation that was stopped goes on where it was. */
export interface PredictionStore {
  find(key: FitKey): Promise<KeptFit | undefined>;
  save(key: FitKey, fit: KeptFit): Promise<void>;
}

/** Opens a store in a folder, which is made when it is not there. A file counts once it is whole. */
export function createPredictionStore(dir: string): PredictionStore {
  const pathOf = ({ model, fold, facts }: FitKey) => {
    const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
    return join(dir, `${model}-fold${fold}-${hash}`);
  };
  return {
    async find(key) {
      try {
        const card = JSON.parse(await readFile(`${pathOf(key)}.json`, 'utf8')) as KeptFit['card'];
        const bytes = await readFile(`${pathOf(key)}.f32`);
        return { card, quantiles: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw cause;
      }
    },
    async save(key, { quantiles, card }) {
      await mkdir(dir, { recursive: true });
      const path = pathOf(key);
      // The card is written last and decides: forecasts without it are those of a run that was stopped.
      await writeFile(`${path}.f32.part`, new Uint8Array(quantiles.buffer, quantiles.byteOffset, quantiles.byteLength));
      await rename(`${path}.f32.part`, `${path}.f32`);
      await writeFile(`${path}.json.part`, JSON.stringify(card));
      await rename(`${path}.json.part`, `${path}.json`);
    },
  };
}
