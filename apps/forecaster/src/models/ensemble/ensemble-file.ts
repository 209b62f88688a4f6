import { AppError, type Horizon, type InstrumentId, type Model } from '@candlecast/domain';
import { LIVE_BARS } from '../../features/live-bars.ts';

/** What an ensemble is made of, and where it believes its location: what its file holds. */
export interface EnsembleModel {
  /** The first is the one whose median is the location; the spreads of all are averaged. */
  readonly members: readonly Pick<Model, 'name' | 'version' | 'sha256'>[];
  /** Horizons at which the location is on, by instrument; off elsewhere. */
  readonly open: Readonly<Record<InstrumentId, readonly Horizon[]>>;
}

/** Returns the bytes of a file; the same model gives the same bytes. */
export function toEnsembleFile({ members, open }: EnsembleModel): Buffer {
  const facts = members.map(({ name, version, sha256 }) => ({ name, version, sha256 }));
  const sorted = Object.entries(open).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(`${JSON.stringify({ members: facts, open: Object.fromEntries(sorted) })}\n`);
}

/** Reads a file; throws `ensemble_file_unreadable` for one that is none. */
export function parseEnsembleFile(bytes: Uint8Array): EnsembleModel {
  const file = parseJson(bytes);
  const isWhole =
    Array.isArray(file.members) &&
    file.members.length > 0 &&
    file.members.every(({ name, sha256 }) => typeof name === 'string' && typeof sha256 === 'string') &&
    typeof file.open === 'object' &&
    file.open !== null &&
    Object.values(file.open).every(
      (horizons) => Array.isArray(horizons) && horizons.every((horizon) => LIVE_BARS.horizons.includes(horizon)),
    );
  if (!isWhole) throw new AppError('ensemble_file_unreadable', 'the file of an ensemble names no members, or a horizon that there is not');
  return file;
}

function parseJson(bytes: Uint8Array): EnsembleModel {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as EnsembleModel;
  } catch (cause) {
    throw new AppError('ensemble_file_unreadable', 'the file of an ensemble is not JSON', { cause });
  }
}
