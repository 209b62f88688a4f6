import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { eventually } from '@candlecast/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../testing/post.ts';
import { startTestMarket, type TestMarket } from '../testing/test-market.ts';

// Frames by RFC 6455 and against it, written byte by byte.
let market: TestMarket;
let httpUrl: string;
let port: number;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl, port } = await market.startGateway());
});
afterAll(() => market.stop());

interface Frame {
  readonly opcode: number;
  readonly body?: Buffer;
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
  readonly reserved?: number;
  /** What the frame says of its length, where that is not the truth. */
  readonly claims?: number | bigint;
}

function encode({ opcode, body = Buffer.alloc(0), isFinal = true, isMasked = true, reserved = 0, claims = body.length }: Frame): Buffer {
  const mask = randomBytes(4);
  const length =
    claims < 126
      ? Buffer.from([Number(claims)])
      : claims < 65_536
        ? Buffer.from([126, Number(claims) >> 8, Number(claims) & 255])
        : Buffer.concat([Buffer.from([127]), toBytes(BigInt(claims))]);
  length[0] = (length[0] ?? 0) | (isMasked ? 128 : 0);
  const masked = isMasked ? Buffer.from(body.map((byte, at) => byte ^ (mask[at % 4] ?? 0))) : body;
  return Buffer.concat([Buffer.from([(isFinal ? 128 : 0) | (reserved << 4) | opcode]), length, isMasked ? mask : Buffer.alloc(0), masked]);
}

function toBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** Upgrades a bare socket. `ended` resolves with the code of the close frame, or undefined when the line was cut without one. */
async function open(): Promise<{ socket: Socket; ended: Promise<number | undefined>; text: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  await eventually(() => expect(received.toString('latin1')).toContain('\r\n\r\n'));
  const start = received.indexOf('\r\n\r\n') + 4;
  const ended = closed.then(() => readCloseCode(received.subarray(start)));
  return { socket, ended, text: () => received.subarray(start).toString() };
}

/** Frames of a server are not masked, and ours are short or say their length in two bytes. */
function readCloseCode(frames: Buffer): number | undefined {
  let at = 0;
  while (at + 2 <= frames.length) {
    const [opcode = 0, short = 0] = [(frames[at] ?? 0) & 15, (frames[at + 1] ?? 0) & 127];
    const length = short === 126 ? frames.readUInt16BE(at + 2) : short;
    const body = at + (short === 126 ? 4 : 2);
    if (opcode === 8) return length >= 2 ? frames.readUInt16BE(body) : undefined;
    at = body + length;
  }
  return undefined;
}

const init = Buffer.from('{"type":"connection_init"}');
const TEXT = 1;

describe('frames that are right', () => {
  it('may come in pieces of one byte, with control frames between them', async () => {
    const { socket, text } = await open();
    for (const [at, byte] of init.entries()) {
      socket.write(encode({ opcode: at === 0 ? TEXT : 0, body: Buffer.from([byte]), isFinal: at === init.length - 1 }));
      if (at === 3) socket.write(encode({ opcode: 9, body: Buffer.from('mid') }));
    }
    await eventually(() => expect(text()).toContain('connection_ack'));
    expect(text()).toContain('mid');
    socket.destroy();
  });

  it('may come byte by byte over the line', async () => {
    const { socket, text } = await open();
    socket.setNoDelay(true);
    for (const byte of encode({ opcode: TEXT, body: init })) socket.write(Buffer.from([byte]));
    await eventually(() => expect(text()).toContain('connection_ack'));
    socket.destroy();
  });
});

describe('frames that are wrong', () => {
  it.each<[string, number, readonly Frame[]]>([
    ['without a mask', 1002, [{ opcode: TEXT, body: init, isMasked: false }]],
    ['with a reserved bit', 1002, [{ opcode: TEXT, body: init, reserved: 4 }]],
    ['compressed though that was not agreed', 1002, [{ opcode: TEXT, body: init, reserved: 4 }]],
    ['with an unknown opcode', 1002, [{ opcode: 3, body: init }]],
    ['with an unknown control opcode', 1002, [{ opcode: 11 }]],
    ['that go on with nothing', 1002, [{ opcode: 0, body: init }]],
    [
      'that begin anew within a message',
      1002,
      [
        { opcode: TEXT, body: init, isFinal: false },
        { opcode: TEXT, body: init },
      ],
    ],
    ['of control in pieces', 1002, [{ opcode: 9, isFinal: false }]],
    ['of control that are too long', 1002, [{ opcode: 9, body: Buffer.alloc(126) }]],
    ['of closing with half a code', 1002, [{ opcode: 8, body: Buffer.from([3]) }]],
    ['of closing with a code that nobody may send', 1002, [{ opcode: 8, body: Buffer.from([3, 237]) }]],
    ['of closing with a reason that is no UTF-8', 1007, [{ opcode: 8, body: Buffer.from([3, 232, 255, 255]) }]],
    ['of text that is no UTF-8', 1007, [{ opcode: TEXT, body: Buffer.from([0xc3, 0x28]) }]],
    ['that claim more than anybody may send', 1009, [{ opcode: TEXT, body: Buffer.from('x'), claims: 70_000 }]],
    ['that claim more than a number holds', 1009, [{ opcode: TEXT, claims: 0x7fff_ffff_ffff_ffffn }]],
    [
      'that are too long together',
      1009,
      Array.from({ length: 70 }, (_, n) => ({ opcode: n === 0 ? TEXT : 0, body: Buffer.alloc(1_000, 120), isFinal: false })),
    ],
  ])('%s end the socket', async (_, code, frames) => {
    const { socket, ended } = await open();
    for (const frame of frames) socket.write(encode(frame));
    expect(await ended).toBe(code);
  });

  it('of bytes, too, are messages that must be right', async () => {
    const { socket, ended } = await open();
    socket.write(encode({ opcode: 2, body: randomBytes(64) }));
    expect(await ended).toBe(4400);
  });

  it('at random end the socket or are waited for, and harm nobody', async () => {
    const frame = fc.record({
      opcode: fc.nat(15),
      body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      isFinal: fc.boolean(),
      isMasked: fc.boolean(),
      reserved: fc.nat(7),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(frame.map(encode), fc.uint8Array({ maxLength: 64 })), { minLength: 1, maxLength: 5 }),
        async (parts) => {
          const { socket, ended } = await open();
          for (const part of parts) socket.write(part);
          // Whoever says half a sentence and leaves is let go.
          socket.end();
          await ended;
          expect((await post(httpUrl, '{ __typename }')).data).toEqual({ __typename: 'Query' });
        },
      ),
      { seed: 20_261_124, numRuns: 200 },
    );
  }, 120_000);
});
