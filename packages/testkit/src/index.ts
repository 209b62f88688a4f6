export { aCandle } from './a-candle.ts';
export { createTestDatabase, findTestTier, type TestDatabase } from './create-test-database.ts';
export { eventually } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export { findFreePort } from './find-free-port.ts';
export { findTestBucket, type TestBucket } from './test-bucket.ts';
export { hasTestData, testDataDir } from './test-data.ts';
