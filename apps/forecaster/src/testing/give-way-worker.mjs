// Gives way and says which priority that left it.
import { getPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { giveWay } = await import('../learn/give-way.ts');
giveWay();
parentPort?.postMessage(getPriority());
