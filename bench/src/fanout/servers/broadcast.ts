// A bare broadcast: every event is serialised once and sent to every socket with `ws`. It knows no protocol beyond its own answers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toStreamCursor } from '@candlecast/domain';
import { type WebSocket, WebSocketServer } from 'ws';
import { eventOf, idOf } from '../market.ts';
import { obey } from './drive.ts';

obey(async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/graphql', handleProtocols: () => 'graphql-transport-ws' });
  const following = new Map<string, Set<WebSocket>>();
  let id = '';
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; id: string; payload: { variables: { symbols: string[] } } };
      if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (message.type !== 'subscribe') return;
      ({ id } = message); // of the same length for all
      for (const symbol of message.payload.variables.symbols) following.set(symbol, (following.get(symbol) ?? new Set()).add(socket));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let seq = 0;
  return {
    port: (server.address() as AddressInfo).port,
    emit(symbol, tick, madeAtUs) {
      const event = eventOf(symbol, tick, ++seq, madeAtUs);
      if (event.topic !== 'candle.closed') return;
      const { open, close, baseVolume, quoteVolume, tradeCount } = event.payload.candle;
      const candle = { open, close, baseVolume, quoteVolume, tradeCount };
      const candles = { __typename: 'CandleClosed', symbol: idOf(symbol), cursor: toStreamCursor(event), candle };
      const bytes = Buffer.from(JSON.stringify({ id, type: 'next', payload: { data: { candles } } }));
      for (const socket of following.get(idOf(symbol)) ?? []) socket.send(bytes, { binary: false });
    },
  };
});
