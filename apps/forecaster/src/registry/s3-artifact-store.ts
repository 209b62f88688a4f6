import { AppError } from '@candlecast/domain';
import { AwsClient } from 'aws4fetch';
import { type ArtifactStore, CARD_FILE, checkBytes, checkPath, LARGEST_BYTES, toCardFile, toModelPath } from './artifact-store.ts';

/** Where the bucket is, and who writes to it. */
export interface S3Options {
  /** Address of the server with the bucket as the first part of the path: https://s3.eu-central-1.amazonaws.com/bucket, optionally with a prefix. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Opens the store in a bucket of S3 or of a server that speaks its protocol. The card is written before the model, so that whoever finds a model
 * finds its card. Throws `artifact_store_unavailable`, which is worth another try, when the server does not answer or refuses.
 */
export function createS3ArtifactStore({ url, region, accessKeyId, secretAccessKey, timeoutMs }: S3Options): ArtifactStore {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 3 });
  const base = url.replace(/\/+$/, '');

  async function request(path: string, init: RequestInit): Promise<Response> {
    try {
      return await client.fetch(`${base}/${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch (cause) {
      throw new AppError('artifact_store_unavailable', `the store of artifacts does not answer for "${path}"`, { cause, retryable: true });
    }
  }

  async function put(path: string, body: Uint8Array): Promise<void> {
    const response = await request(path, { method: 'PUT', body: new Uint8Array(body) });
    await response.arrayBuffer();
    if (!response.ok) throw refusal(path, response);
  }

  return {
    async write(folder, file, card, name = 'model.onnx') {
      const path = toModelPath(folder, name);
      await put(path.replace(name, CARD_FILE), toCardFile(card));
      await put(path, file);
      return path;
    },
    async load(path, sha256) {
      checkPath(path);
      const response = await request(path, { method: 'GET' });
      if (response.status === 404) {
        await response.body?.cancel();
        throw new AppError('artifact_missing', `"${path}" is not there`);
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw refusal(path, response);
      }
      return checkBytes(path, await readAtMost(path, response, LARGEST_BYTES), sha256);
    },
  };
}

async function readAtMost(path: string, { body }: Response, sizeBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > sizeBytes) throw new AppError('artifact_damaged', `"${path}" has more than ${sizeBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function refusal(path: string, { status }: Response): AppError {
  return new AppError('artifact_store_unavailable', `the store of artifacts answered ${status} for "${path}"`, { retryable: true });
}
