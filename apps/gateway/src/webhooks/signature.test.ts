import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { mintSecret, signDelivery } from './signature.ts';

const DELIVERY = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const SENT_AT_S = 1_614_265_330;
const VERIFY = `
import base64, hashlib, hmac, sys
secret, ident, timestamp, body, signature = sys.argv[1:]
key = base64.b64decode(secret.removeprefix("whsec_"))
expected = "v1," + base64.b64encode(hmac.new(key, f"{ident}.{timestamp}.{body}".encode(), hashlib.sha256).digest()).decode()
sys.exit(0 if hmac.compare_digest(expected, signature) else 1)`;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

function verifyWithPython(delivery: typeof DELIVERY, signature: string): boolean {
  const args = ['-c', VERIFY, delivery.secret, delivery.id, `${SENT_AT_S}`, delivery.body, signature];
  return spawnSync('python3', args).status === 0;
}

describe('the signature of a delivery', () => {
  it('is the one that the specification gives as its example', () => {
    expect(signDelivery(DELIVERY, SENT_AT_S)).toEqual({
      'webhook-id': DELIVERY.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is believed by another implementation, and by it alone as it is', (context) => {
    if (!hasPython) context.skip('python3 is not on this machine');
    const delivery = { id: 'a', body: '{"price":"1.50","name":"äöü €"}', secret: mintSecret() };
    const { 'webhook-signature': signature } = signDelivery(delivery, SENT_AT_S);
    expect(verifyWithPython(delivery, signature)).toBe(true);
    expect(verifyWithPython({ ...delivery, body: delivery.body.replace('1.50', '1.51') }, signature)).toBe(false);
    expect(verifyWithPython({ ...delivery, id: 'b' }, signature)).toBe(false);
    expect(verifyWithPython({ ...delivery, secret: mintSecret() }, signature)).toBe(false);
  });

  it('is what openssl computes', (context) => {
    if (!hasOpenssl) context.skip('openssl is not on this machine');
    const key = Buffer.from(DELIVERY.secret.slice('whsec_'.length), 'base64').toString('hex');
    const input = `${DELIVERY.id}.${SENT_AT_S}.${DELIVERY.body}`;
    const digest = execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key}`, '-binary'], { input });
    expect(signDelivery(DELIVERY, SENT_AT_S)['webhook-signature']).toBe(`v1,${digest.toString('base64')}`);
  });

  it('has a secret of 256 random bits', () => {
    const [one, other] = [mintSecret(), mintSecret()];
    expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(one).not.toBe(other);
  });
});
