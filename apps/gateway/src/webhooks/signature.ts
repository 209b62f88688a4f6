import { createHmac, randomBytes } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** Returns a new secret: "whsec_" and 32 random bytes in base64. */
export function mintSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * Returns the headers that prove where a body comes from and when it was sent, by the Standard Webhooks specification 1.0: `webhook-signature` is
 * "v1," and the base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the bytes behind "whsec_". `sentAtS` is in seconds since 1970.
 */
export function signDelivery(delivery: { readonly id: string; readonly body: string; readonly secret: string }, sentAtS: number) {
  const { id, body, secret } = delivery;
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${sentAtS}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': `${sentAtS}`, 'webhook-signature': `v1,${signature}` } as const;
}
