import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A WebSocket client that counts frames and bytes and looks into none of them: it costs next to nothing. */
export class CountingClient {
  frames = 0;
  bytes = 0;
  readonly #socket: Socket;
  /** Bytes of the payload that are still to come. */
  #left = 0;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => this.#read(data));
  }

  /** Connects to a path on 127.0.0.1. Throws when the upgrade is refused. */
  static async open(port: number, path: string): Promise<CountingClient> {
    const socket = connect(port, '127.0.0.1');
    const key = randomBytes(16).toString('base64');
    const headers = [
      'Host: 127.0.0.1',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
    ];
    socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    const answer = await new Promise<Buffer>((resolve, reject) => socket.once('data', resolve).once('error', reject));
    if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(`upgrade refused: ${answer.toString('latin1', 0, 80)}`);
    const client = new CountingClient(socket);
    client.#read(answer.subarray(answer.indexOf('\r\n\r\n') + 4));
    return client;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(data: Buffer): void {
    this.bytes += data.length;
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    this.#rest = Buffer.alloc(0);
    for (;;) {
      if (this.#left >= bytes.length) {
        this.#left -= bytes.length;
        return;
      }
      bytes = bytes.subarray(this.#left);
      this.#left = 0;
      const short = (bytes[1] ?? 0) & 127;
      const header = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (bytes.length < header) {
        this.#rest = bytes;
        return;
      }
      this.#left = header + (short === 127 ? bytes.readUInt32BE(6) : short === 126 ? bytes.readUInt16BE(2) : short);
      if (((bytes[0] ?? 0) & 15) === 1) this.frames++;
    }
  }
}
