export { createCandleReader } from './candle-reader.ts';
export { createCandleWriter } from './candle-writer.ts';
export { createDatabase, type Database, type DatabaseOptions, type StorageTier } from './database.ts';
export { createForecastReader } from './forecast-reader.ts';
export { createForecastWriter } from './forecast-writer.ts';
export { createInstrumentReader } from './instrument-reader.ts';
export { createInstrumentWriter } from './instrument-writer.ts';
export type { PrismaClient } from './prisma-client.ts';
