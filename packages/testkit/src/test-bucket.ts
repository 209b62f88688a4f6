/** A bucket of an S3 server, and who may write to it. */
export interface TestBucket {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Returns the real bucket that TEST_S3_URL, TEST_S3_REGION, TEST_S3_KEY and TEST_S3_SECRET name; undefined where none is named. */
export function findTestBucket(): TestBucket | undefined {
  const {
    TEST_S3_URL: url,
    TEST_S3_REGION: region = 'us-east-1',
    TEST_S3_KEY: accessKeyId = '',
    TEST_S3_SECRET: secretAccessKey = '',
  } = process.env;
  return url ? { url, region, accessKeyId, secretAccessKey } : undefined;
}
