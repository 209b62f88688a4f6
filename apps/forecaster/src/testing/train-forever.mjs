// Runs it from its sources: in tests there is no bundle.
import { register } from 'tsx/esm/api';

register();
await import('./train-forever.ts');
