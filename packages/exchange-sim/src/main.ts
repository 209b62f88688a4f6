import { systemClock, toIso } from '@candlecast/domain';
import { readSimConfig } from './config.ts';
import { startExchangeSim } from './exchange-sim.ts';
import type { SimLog } from './venue/venue.ts';

const log: SimLog = (event, facts = {}) => {
  process.stdout.write(`${JSON.stringify({ time: toIso(systemClock.now()), service: 'exchange-sim', msg: event, ...facts })}\n`);
};

try {
  const { port, source, speed, anchorWallTime, anchorTime, limitClock } = readSimConfig(process.env);
  const sim = await startExchangeSim({
    source,
    speed,
    port,
    log,
    wallClock: systemClock,
    limitClock,
    ...(anchorWallTime !== undefined && { anchorWallTime }),
    ...(anchorTime !== undefined && { anchorTime }),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log('exchange simulator stops', { signal });
      void sim.close();
    });
  }
} catch (error) {
  log('exchange simulator cannot start', { error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
