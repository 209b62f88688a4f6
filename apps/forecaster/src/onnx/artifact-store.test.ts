import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArtifactStore, createArtifactStore, toSha256 } from './artifact-store.ts';

const onnx = Buffer.from('weights');
const sha256 = toSha256(onnx);
let folder: string;
let store: ArtifactStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  store = createArtifactStore(folder);
});

afterEach(() => rm(folder, { recursive: true }));

describe('createArtifactStore', () => {
  it('reads back what it wrote, with the card beside it and nothing else', async () => {
    const path = await store.write('lstm-short-sim-1', onnx, { name: 'lstm-short' });
    expect(path).toBe('models/lstm-short-sim-1/model.onnx');
    expect(await store.load(path, sha256)).toEqual(onnx);
    expect(JSON.parse(await readFile(join(folder, 'models/lstm-short-sim-1/card.json'), 'utf8'))).toEqual({ name: 'lstm-short' });
    expect(await readdir(join(folder, 'models'))).toEqual(['lstm-short-sim-1']);
  });

  it('replaces a model whole', async () => {
    await store.write('one', Buffer.from('older'), {});
    const path = await store.write('one', onnx, {});
    expect(await store.load(path, sha256)).toEqual(onnx);
  });

  it('refuses a file that was tampered with', async () => {
    const path = await store.write('one', onnx, {});
    await appendFile(join(folder, path), ' and more');
    await expect(store.load(path, sha256)).rejects.toMatchObject({ code: 'artifact_damaged' });
  });

  it('says when a file is gone', async () => {
    await expect(store.load('models/one/model.onnx', sha256)).rejects.toMatchObject({ code: 'artifact_missing' });
  });

  it.each(['../secret', '/etc/passwd', 'models/../../x/model.onnx', 'models/a/b/model.onnx', 'models/One/model.onnx'])(
    'never leaves its folder for "%s"',
    async (path) => {
      await expect(store.load(path, sha256)).rejects.toMatchObject({ code: 'artifact_damaged' });
    },
  );

  it('refuses a folder name that it could not read back', async () => {
    await expect(store.write('../outside', onnx, {})).rejects.toMatchObject({ code: 'artifact_path_invalid' });
  });
});
