import { locateBinaries } from '../binaries.ts';
import { chooseRunUser } from '../run-user.ts';
import { placeTimescale } from './place-timescale.ts';

/** Fetches the embedded TimescaleDB unless it is there, so that a later start does not wait for it. Throws `timescale_unavailable`. */
export async function prepareTimescale(log: (line: string) => void): Promise<void> {
  await placeTimescale(locateBinaries(), chooseRunUser('/'), log);
}
