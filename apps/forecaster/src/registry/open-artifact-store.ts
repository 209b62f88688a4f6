import type { ArtifactStore } from './artifact-store.ts';
import { createDiskArtifactStore } from './disk-artifact-store.ts';
import { createS3ArtifactStore, type S3Options } from './s3-artifact-store.ts';

const TIMEOUT_MS = 30_000;

/** Opens the store of artifacts: in the bucket where there is one, else in the folder. */
export function openArtifactStore(dataDir: string, bucket: Omit<S3Options, 'timeoutMs'> | null): ArtifactStore {
  return bucket ? createS3ArtifactStore({ ...bucket, timeoutMs: TIMEOUT_MS }) : createDiskArtifactStore(dataDir);
}
