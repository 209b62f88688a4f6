export { applyMigrations } from './apply-migrations.ts';
export { endWithThisProcess } from './end-with-this-process.ts';
export { CANDLE_RELATIONS, hashCandles, hashRelation, type RelationHash } from './move/hash-relations.ts';
export { moveTier, type TierMove } from './move/move-tier.ts';
export { upgradeDatabase } from './move/upgrade-database.ts';
export { findProcessStart, isProcessAlive } from './process-identity.ts';
export { runStatement } from './run-statement.ts';
export { type PostgresServer, type StartPostgresOptions, startPostgres } from './start-postgres.ts';
export { prepareTimescale } from './timescale/prepare-timescale.ts';
