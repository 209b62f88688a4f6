import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, findTestBucket } from '@candlecast/testkit';
import { AwsClient } from 'aws4fetch';
import S3rver from 's3rver';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { createDiskArtifactStore } from '../registry/disk-artifact-store.ts';
import { createS3ArtifactStore } from '../registry/s3-artifact-store.ts';

export type TestStoreKind = 'disk' | 's3';

/** A store of artifacts, and a way past it to the files themselves. */
export interface TestArtifacts {
  readonly store: ArtifactStore;
  read(path: string): Promise<Buffer>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens a store: in `folder`, or in the bucket that the environment names, or in one of a server that is started here. */
export async function openTestArtifacts(kind: TestStoreKind, folder: string): Promise<TestArtifacts> {
  if (kind === 'disk') {
    return {
      store: createDiskArtifactStore(folder),
      read: (path) => readFile(join(folder, path)),
      write: (path, bytes) => writeFile(join(folder, path), bytes),
      close: () => Promise.resolve(),
    };
  }
  const real = findTestBucket();
  const server = real ? undefined : await startServer(folder);
  const bucket = real ?? { url: server?.url ?? '', region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const { url } = bucket;
  const client = new AwsClient({ ...bucket, service: 's3' });
  return {
    store: createS3ArtifactStore({ ...bucket, timeoutMs: 10_000 }),
    read: async (path) => Buffer.from(await (await client.fetch(`${url}/${path}`)).arrayBuffer()),
    async write(path, bytes) {
      await client.fetch(`${url}/${path}`, { method: 'PUT', body: new Uint8Array(bytes) });
    },
    close: async () => server?.close(),
  };
}

async function startServer(directory: string) {
  const port = await findFreePort();
  const server = new S3rver({ address: '127.0.0.1', port, silent: true, directory, configureBuckets: [{ name: 'models', configs: [] }] });
  await server.run();
  return { url: `http://127.0.0.1:${port}/models`, close: () => server.close() };
}
