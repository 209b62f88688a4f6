export { applyMigrations } from './apply-migrations.ts';
export { endWithThisProcess } from './end-with-this-process.ts';
export { findProcessStart, isProcessAlive } from './process-identity.ts';
export { runStatement } from './run-statement.ts';
export { type PostgresServer, type StartPostgresOptions, startPostgres } from './start-postgres.ts';
