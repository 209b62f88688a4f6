import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestArtifacts, type TestArtifacts, type TestStoreKind } from '../testing/test-artifacts.ts';
import { toSha256 } from './artifact-store.ts';
import { createS3ArtifactStore } from './s3-artifact-store.ts';

const onnx = Buffer.from('weights');
const sha256 = toSha256(onnx);
const KINDS: readonly TestStoreKind[] = ['disk', 's3'];

describe.each(KINDS)('the store of artifacts on %s', (kind) => {
  let folder: string;
  let test: TestArtifacts;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
    test = await openTestArtifacts(kind, folder);
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  it('reads back what it wrote, with the card beside it', async () => {
    const path = await test.store.write('lstm-short-sim-1', onnx, { name: 'lstm-short' });
    expect(path).toBe('models/lstm-short-sim-1/model.onnx');
    expect(Buffer.from(await test.store.load(path, sha256))).toEqual(onnx);
    expect(JSON.parse((await test.read('models/lstm-short-sim-1/card.json')).toString())).toEqual({ name: 'lstm-short' });
  });

  it('keeps a table of numbers as JSON', async () => {
    const path = await test.store.write('har-s-sim-1', onnx, {}, 'model.json');
    expect(path).toBe('models/har-s-sim-1/model.json');
    expect(Buffer.from(await test.store.load(path, sha256))).toEqual(onnx);
    expect(JSON.parse((await test.read('models/har-s-sim-1/card.json')).toString())).toEqual({});
  });

  it('replaces a model whole, and takes the same one twice', async () => {
    await test.store.write('one', Buffer.from('older'), {});
    for (const _ of [1, 2]) {
      const path = await test.store.write('one', onnx, {});
      expect(Buffer.from(await test.store.load(path, sha256))).toEqual(onnx);
    }
  });

  it('refuses a file that was tampered with', async () => {
    const path = await test.store.write('two', onnx, {});
    await test.write(path, Buffer.from('weights and more'));
    await expect(test.store.load(path, sha256)).rejects.toMatchObject({ code: 'artifact_damaged' });
  });

  it('says when a file is gone', async () => {
    await expect(test.store.load('models/none/model.onnx', sha256)).rejects.toMatchObject({ code: 'artifact_missing' });
  });

  it.each(['../secret', '/etc/passwd', 'models/../../x/model.onnx', 'models/a/b/model.onnx', 'models/One/model.onnx'])(
    'never leaves its place for "%s"',
    async (path) => {
      await expect(test.store.load(path, sha256)).rejects.toMatchObject({ code: 'artifact_damaged' });
    },
  );

  it('refuses a folder name that it could not read back', async () => {
    await expect(test.store.write('../outside', onnx, {})).rejects.toMatchObject({ code: 'artifact_path_invalid' });
  });
});

describe('createS3ArtifactStore', () => {
  it('says that another try is worth it when nobody answers', async () => {
    const options = { url: 'http://127.0.0.1:9/bucket', region: 'none', accessKeyId: 'a', secretAccessKey: 'b', timeoutMs: 2_000 };
    const refused = createS3ArtifactStore(options).load('models/one/model.onnx', sha256);
    await expect(refused).rejects.toMatchObject({ code: 'artifact_store_unavailable', retryable: true });
  });
});
