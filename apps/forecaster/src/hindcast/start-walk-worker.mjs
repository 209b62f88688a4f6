// Starts the walking thread from its sources: a thread does not inherit the loader of its process.
import { register } from 'tsx/esm/api';

register();
await import('./walk-worker.ts');
