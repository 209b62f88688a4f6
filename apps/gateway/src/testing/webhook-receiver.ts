import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as a partner gets it. */
export interface Received {
  readonly id: string;
  readonly type: string;
  readonly cursor: string | null;
  readonly data: Record<string, unknown>;
  /** The header, and the one that the secret and the raw body give. */
  readonly signature: string;
  readonly expectedSignature: string;
}

/** A partner's server. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** Status of the next answers; null for none at all. */
  answer: number | null;
  secret: string;
  stop(): Promise<void>;
}

/** Starts a server that keeps what it is sent and answers with 204. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { id, type, cursor, data } = JSON.parse(body) as Received;
      const key = Buffer.from(receiver.secret.replace('whsec_', ''), 'base64');
      const signed = `${request.headers['webhook-id']}.${request.headers['webhook-timestamp']}.${body}`;
      const expectedSignature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
      receiver.received.push({ id, type, cursor, data, signature: `${request.headers['webhook-signature']}`, expectedSignature });
      if (receiver.answer !== null) response.writeHead(receiver.answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    answer: 204,
    secret: '',
    stop() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}
