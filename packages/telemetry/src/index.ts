export { createMetrics, type Readiness, type ReadinessCheck, readReadiness, startHealthServer } from './health-server.ts';
export { createLogger, type Logger } from './logger.ts';
export { type Lifecycle, runService } from './run-service.ts';
