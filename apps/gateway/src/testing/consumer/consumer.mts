// What a partner's program looks like: compiled and run in an empty project that has nothing but the packed client.
import { type Candle, type CandleStreamEvent, createClient, isCandlecastError } from '@candlecast/client';
import { WebSocket } from 'ws';

const url = process.argv[2];
if (url === undefined) throw new Error('the address of the gateway is missing');
const client = createClient({ url, webSocketImpl: WebSocket });
const say = (kind: string, value: unknown) => process.stdout.write(`${JSON.stringify({ kind, value })}\n`);

const bars = await client.bars({ symbol: 'BTCUSDT', interval: '1m', to: 1_641_168_000 + 600, countback: 3 });
say('bars', bars.c);

const closes: string[] = [];
for await (const { candles, certificate } of client.candles.pages({ symbol: 'BTCUSDT', interval: '1m', pageSize: 4 })) {
  closes.push(...candles.filter(({ isClosed }) => isClosed).map(({ close }: Candle) => close));
  say('page', certificate.missing);
}
say('closes', closes);

const symbols: string[] = [];
for await (const { symbol } of client.instruments.list()) symbols.push(symbol);
say('instruments', symbols);
say('instrument', (await client.instruments.find('ETHUSDT'))?.id ?? null);
say('unknown', await client.instruments.find('NOPE'));

const file = await client.candles.export({ format: 'csv', symbol: 'BTCUSDT', interval: '1m' });
say('export', [file.certificate.present, (await new Response(file.body).text()).split('\n').length]);

try {
  await client.bars({ symbol: 'NOPE', interval: '1m', to: 0, countback: 1 });
} catch (error) {
  if (isCandlecastError(error, 'SYMBOL_NOT_FOUND')) say('error', [error.code, error.retryable]);
}

for await (const event of client.candles.stream({ symbols: ['BTCUSDT'], interval: '1m', snapshot: 2, closedOnly: true })) {
  say('event', summary(event));
  if (event.kind === 'closed') break;
}
await client.close();

function summary(event: CandleStreamEvent): unknown {
  if (event.kind === 'snapshot') return [event.kind, event.candles.map(({ close }) => close)];
  if (event.kind === 'closed') return [event.kind, event.candle.close];
  return [event.kind];
}
