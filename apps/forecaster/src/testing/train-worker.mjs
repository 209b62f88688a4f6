// Runs the training thread from its sources: in tests there is no bundle.
import { register } from 'tsx/esm/api';

register();
await import('../learn/train-worker.ts');
