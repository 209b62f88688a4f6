import type { ConnectTurns, Venue } from '@candlecast/domain';
import type { Database } from './database.ts';
import { takeTurn } from './sql/connect-turns.ts';

/** Returns the turns that all processes with this database take at a venue from one address. */
export function createConnectTurns({ sessions }: Pick<Database, 'sessions'>, venue: Venue, address: string): ConnectTurns {
  return { take: () => takeTurn(sessions, venue, address) };
}
