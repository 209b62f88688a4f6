import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** Stands between a page and the gateway's socket. */
export interface QuickSocket {
  readonly port: number;
  /** How many updates of charts' open candles have gone through to the page. */
  updates(): number;
  stop(): Promise<void>;
}

const PROTOCOL = 'graphql-transport-ws';
const THROTTLE = /"throttleMs":\d+/;
/** The subscription of a chart; the watchlist’s prices are another one. */
const CHART = /"type":"subscribe".*"operationName":"Candles"|"operationName":"Candles".*"type":"subscribe"/s;
const idOf = (text: string) => /"id":"([^"]+)"/.exec(text)?.[1];

/** Hands everything on between pages and the gateway, but asks for a chart's updates every `throttleMs` where a page asks for fewer. */
export async function openQuickSocket(gatewayPort: number, throttleMs: number): Promise<QuickSocket> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => PROTOCOL });
  let updates = 0;
  server.on('connection', (page, { url, headers }) => {
    const gateway = new WebSocket(`ws://127.0.0.1:${gatewayPort}${url}`, PROTOCOL, { origin: `${headers.origin}` });
    const waiting: string[] = [];
    const charts = new Set<string | undefined>();
    page.on('message', (data) => {
      const isChart = CHART.test(`${data}`);
      const text = isChart ? `${data}`.replace(THROTTLE, `"throttleMs":${throttleMs}`) : `${data}`;
      if (isChart) charts.add(idOf(text));
      if (gateway.readyState === WebSocket.OPEN) gateway.send(text);
      else waiting.push(text);
    });
    gateway.on('open', () => {
      for (const text of waiting.splice(0)) gateway.send(text);
    });
    gateway.on('message', (data) => {
      const text = `${data}`;
      if (text.includes('"CandleUpdate"') && charts.has(idOf(text))) updates += 1;
      page.send(text);
    });
    gateway.on('error', () => page.terminate());
    gateway.on('close', () => page.close());
    page.on('close', () => gateway.close());
    page.on('error', () => gateway.terminate());
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    updates: () => updates,
    async stop() {
      for (const page of server.clients) page.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
