import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findSeriesFile, readSeriesFile } from '@candlecast/candle-files';
import { AppError, type ExternalPoint } from '@candlecast/domain';
import type { ExternalFeature, ExternalPoints } from '../features/external-features.ts';

/** Series from outside as read from files. */
export interface LoadedExternal {
  /** In the order of the files' names. */
  readonly features: readonly ExternalFeature[];
  readonly points: ExternalPoints;
  readonly files: readonly string[];
  /** Values that were refused. */
  readonly refused: number;
}

/** Reads every known file of daily series in a folder. Throws `series_file_unknown` for a folder without any. */
export async function loadExternal(dir: string): Promise<LoadedExternal> {
  const names = (await readdir(dir)).filter((name) => findSeriesFile(name)).sort();
  if (names.length === 0) throw new AppError('series_file_unknown', `folder "${dir}" holds no known file of daily series`);
  const features = names.flatMap((name) => (findSeriesFile(name)?.columns ?? []).map(({ key, shape }) => ({ key, shape })));
  const points = new Map(features.map(({ key }) => [key, [] as ExternalPoint[]]));
  let refused = 0;
  for (const name of names) {
    for await (const row of readSeriesFile(join(dir, name))) {
      if (row.kind === 'refused') refused += 1;
      else points.get(row.point.key)?.push(row.point);
    }
  }
  return { features, points, files: names.map((name) => join(dir, name)), refused };
}
