import type { AppError } from '@candlecast/domain';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { hasValue, JSON_SETTINGS, type JsonSettings, parseJson, readJson } from '../read-json.ts';
import { sourceFailure, statusFailure } from '../source-failure.ts';
import { address, COMMON_SETTINGS, MOST_BYTES, type SourceKind, type SourceReading } from '../source-kind.ts';

const schema = z.strictObject({
  ...COMMON_SETTINGS,
  kind: z.literal('websocket'),
  url: address('wss:', 'ws:'),
  /** Sent as JSON, in order, once the connection stands. */
  messages: z.array(z.json()).max(10).default([]),
  ...JSON_SETTINGS,
});

/** Frames without the value that are passed over before the reading is given up. */
const MOST_FRAMES = 500;

/** A WebSocket that is opened for each reading, told what is wanted, and closed with the first frame that has the value. */
export const webSocketSource: SourceKind<typeof schema> = {
  schema,
  read({ url, headers, messages, value, time }, { signal }) {
    return new Promise<SourceReading>((resolve, reject) => {
      const socket = new WebSocket(url, { headers: { 'user-agent': 'candlecast', ...headers }, maxPayload: MOST_BYTES });
      let frames = 0;
      const end = (settle: () => void) => {
        signal.removeEventListener('abort', onAbort);
        socket.removeAllListeners();
        // A socket that is cut while it connects tells so once more.
        socket.on('error', () => undefined);
        socket.terminate();
        settle();
      };
      const fail = (failure: unknown) => end(() => reject(failure));
      const onAbort = () => fail(sourceFailure('source_timeout', 'no frame has the value within the time that the source has'));
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) return onAbort();
      socket.on('open', () => {
        for (const message of messages) socket.send(JSON.stringify(message));
      });
      socket.on('message', (data) => {
        frames += 1;
        try {
          const reading = tryFrame(data, { value, time });
          if (reading) end(() => resolve(reading));
          else if (frames >= MOST_FRAMES) throw sourceFailure('value_absent', `path ${value} finds nothing in ${frames} frames`);
        } catch (failure) {
          fail(failure);
        }
      });
      socket.on('unexpected-response', (_, { statusCode = 0 }) => fail(statusFailure(statusCode)));
      socket.on('close', (code) => fail(sourceFailure('source_unreachable', `the host closed the connection with code ${code}`)));
      socket.on('error', (cause) => fail(toFailure(cause)));
    });
  },
};

/** Undefined for a frame that does not have the value. */
function tryFrame(data: RawData, settings: JsonSettings): SourceReading | undefined {
  const document = parseJson(data.toString());
  return hasValue(document, settings) ? readJson(document, settings) : undefined;
}

function toFailure(cause: Error & { readonly code?: string }): AppError {
  if (cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    return sourceFailure('source_too_large', `a frame has more than ${MOST_BYTES} bytes`, cause);
  return sourceFailure('source_unreachable', 'the connection could not be made or broke', cause);
}
