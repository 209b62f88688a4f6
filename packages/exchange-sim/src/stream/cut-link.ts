import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Cut } from '../faults/fault.ts';

/** The header of a text frame of 500 bytes, and the first of them: the rest never comes. */
const PART_OF_A_FRAME = Buffer.concat([Buffer.from([0x81, 126, 0x01, 0xf4]), Buffer.from('{"stream":"btcusdt@kline_1m","data":{"e":"kli')]);

/** Ends a link's connection in a bad way. */
export function cutLink(webSocket: WebSocket, socket: Socket, how: Cut): void {
  switch (how) {
    case 'fin':
      socket.end();
      break;
    case 'rst':
      socket.resetAndDestroy();
      break;
    case 'midFrame':
      socket.end(PART_OF_A_FRAME);
      break;
    case 'midFrameRst':
      // A reset overtakes what is still to be sent.
      socket.write(PART_OF_A_FRAME, () => socket.resetAndDestroy());
      break;
    case 'noReason':
      webSocket.close();
  }
}
