// The simulator in a process of its own, so that its processor time can be told from its clients'.
import { systemClock } from '@candlecast/domain';
import { startExchangeSim } from '@candlecast/exchange-sim';

const pairCount = Number.parseInt(process.argv[2] ?? '', 10);
const sim = await startExchangeSim({ source: { kind: 'simulated', seed: 1, pairCount }, wallClock: systemClock });
process.send?.({ port: sim.port });
process.on('message', () => process.send?.(process.cpuUsage()));
process.once('disconnect', () => void sim.close());
