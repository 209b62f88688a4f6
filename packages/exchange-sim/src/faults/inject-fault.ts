import { AppError, type EpochMs } from '@candlecast/domain';
import type { PlantedSymbol } from '../market/planted-symbol.ts';
import type { StreamHub } from '../stream/stream-hub.ts';
import type { Venue } from '../venue/venue.ts';
import type { Fault, FaultRecord } from './fault.ts';
import type { FaultBoard } from './fault-board.ts';

/** What faults act on. */
export interface FaultTargets {
  readonly venue: Venue;
  readonly faults: FaultBoard;
  readonly hub: StreamHub;
  /** Stops to listen for so long. */
  readonly refuseConnections: (durationMs: number) => void;
}

/**
 * Arms a fault; those on open links, on listening and on the market strike at once. Throws `symbol_unknown`, and `plant_too_late` for a
 * hole or a row in a time of which somebody has already read.
 */
export function injectFault(targets: FaultTargets, fault: Fault): FaultRecord {
  const { faults, hub } = targets;
  switch (fault.kind) {
    case 'dropLinks':
      return faults.arm(
        fault,
        hub.strike(fault, (link) => link.cut(fault.how)),
      );
    case 'halfOpen':
      return faults.arm(
        fault,
        hub.strike(fault, (link) => link.playDead()),
      );
    case 'muteLinks':
      return faults.arm(
        fault,
        hub.strike(fault, (link) => link.mute()),
      );
    case 'pingFlood':
      return faults.arm(
        fault,
        hub.strike(fault, (link) => link.floodWithPings(fault.pings ?? 500)),
      );
    case 'expireLinks':
      return faults.arm(
        fault,
        hub.strike(fault, (link) => link.expire()),
      );
    case 'serverShutdown':
      return faults.arm(fault, hub.shutDown(fault));
    case 'refuseConnections':
      targets.refuseConnections(fault.durationMs);
      // Whom the kernel refuses is not known here: the one listener is what is hit.
      return faults.arm(fault, 1);
    case 'hole':
    case 'offGrid':
      return faults.arm(fault, plant(targets.venue, fault));
    default:
      return faults.arm(fault);
  }
}

function plant({ market }: Venue, fault: Extract<Fault, { kind: 'hole' | 'offGrid' }>): number {
  const symbol = market.symbols.get(fault.symbol) as PlantedSymbol | undefined;
  if (!symbol) throw new AppError('symbol_unknown', `symbol "${fault.symbol}" is not listed`);
  const range = { from: fault.from as EpochMs, to: fault.to as EpochMs };
  return symbol.plant(fault.kind === 'hole' ? { kind: 'hole', ...range } : { kind: 'offGrid', ...range, shiftMs: fault.shiftMs });
}
