import { request as openRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { DAY_MS, MINUTE_MS, toIso } from '@candlecast/domain';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../../testing/post.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from '../../testing/test-market.ts';
import { PARQUET_PAGE_ROWS } from './write-file.ts';

/** More than one page of either format, with a hole of ten minutes that is explained and one of five that is not. */
const MINUTES = 6_000;
const OUTAGE = [1_000, 1_010] as const;
const UNEXPLAINED = [5_500, 5_505] as const;

let market: TestMarket;
let origin: string;
let graphqlUrl: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, OUTAGE[0]);
  await market.candles.recordGap(BTC, { from: at(OUTAGE[0]), to: at(OUTAGE[1]) }, 'EXCHANGE_OUTAGE', at(OUTAGE[1]));
  await market.close(BTC, OUTAGE[1], UNEXPLAINED[0]);
  await market.close(BTC, UNEXPLAINED[1], MINUTES);
  const gateway = await market.startGateway();
  graphqlUrl = gateway.httpUrl;
  origin = new URL(graphqlUrl).origin;
});
afterAll(() => market?.stop());

const PRESENT = MINUTES - 15;
const CERTIFICATE = {
  from: toIso(at(0)),
  to: toIso(at(MINUTES - 1)),
  expected: MINUTES - 1,
  present: PRESENT - 1,
  missing: 15,
  coverage: '0.997500',
};

function ask(format: string, values: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}/export/candles.${format}?${new URLSearchParams({ symbol: BTC, interval: '1m', ...values })}`);
}

/** Returns what GraphQL says about the same candles, as cells of a line. */
async function readByGraphql(from: number, to: number): Promise<string[]> {
  const fields =
    'openTime open high low close baseVolume quoteVolume tradeCount takerBuyBaseVolume takerBuyQuoteVolume revision knownAt reconstructed';
  const { data } = await post<{ candles: { edges: { node: Record<string, unknown> }[] } }>(
    graphqlUrl,
    `query Q($from: DateTime, $to: DateTime) { candles(symbol: "${BTC}", interval: "1m", first: 5000, from: $from, to: $to) { edges { node { ${fields} } } } }`,
    { from: toIso(at(from)), to: toIso(at(to)) },
  );
  return data.candles.edges.map(({ node }) =>
    fields
      .split(' ')
      .map((field) => node[field] ?? '')
      .join(','),
  );
}

describe('/export/candles.csv', () => {
  it('has every closed candle of the range, digit by digit as the API shows it', async () => {
    const response = await ask('csv', { from: toIso(at(100)), to: toIso(at(2_000)) });
    const [header, ...lines] = (await response.text()).trimEnd().split('\n');
    expect(header).toMatch(/^open_time,open,high,low,close,base_volume,/);
    expect(lines).toEqual(await readByGraphql(100, 2_000));
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(response.headers.get('content-disposition')).toContain('SIM-BTCUSDT-1m.csv');
  });

  it('reaches over pages without a hole or a repeat', async () => {
    const lines = (await (await ask('csv')).text()).trimEnd().split('\n').slice(1);
    const minutes = lines.map((line) => (Date.parse(line.split(',')[0] ?? '') - at(0)) / MINUTE_MS);
    const wanted = Array.from({ length: MINUTES - 1 }, (_, minute) => minute).filter(
      (minute) => !(minute >= OUTAGE[0] && minute < OUTAGE[1]) && !(minute >= UNEXPLAINED[0] && minute < UNEXPLAINED[1]),
    );
    expect(minutes).toEqual(wanted);
  });

  it('states in a header what the range holds and what it lacks', async () => {
    const response = await ask('csv');
    await response.text();
    expect(JSON.parse(response.headers.get('x-candlecast-certificate') ?? '')).toMatchObject({
      ...CERTIFICATE,
      gaps: expect.arrayContaining([{ from: toIso(at(1_000)), to: toIso(at(1_010)), reason: 'EXCHANGE_OUTAGE' }]),
    });
  });

  it('proves after the last line what was written', async () => {
    const trailers = await new Promise<NodeJS.Dict<string>>((resolve, reject) => {
      const sent = openRequest(`${origin}/export/candles.csv?symbol=${BTC}&interval=1m`, (response) => {
        response.resume().once('end', () => resolve(response.trailers));
      });
      sent.once('error', reject).end();
    });
    expect(JSON.parse(trailers['x-candlecast-certificate'] ?? '')).toEqual({
      ...CERTIFICATE,
      gapCount: 2,
      gaps: [
        { from: toIso(at(1_000)), to: toIso(at(1_010)), reason: 'EXCHANGE_OUTAGE' },
        { from: toIso(at(5_500)), to: toIso(at(5_505)), reason: 'PENDING' },
      ],
    });
  });

  it('is compressed when asked for', async () => {
    const response = await ask('csv', { compression: 'gzip', to: toIso(at(10)) });
    const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
    expect(text).toBe(await (await ask('csv', { to: toIso(at(10)) })).text());
    expect(response.headers.get('content-disposition')).toContain('.csv.gz');
  });

  it('has roll-ups, too, but for one of which minutes are still missing', async () => {
    const lines = (await (await ask('csv', { interval: '1h' })).text()).trimEnd().split('\n').slice(1);
    expect(lines).toHaveLength(98); // of the hours 0 to 98
  });

  it('is empty but for its header where nothing is stored', async () => {
    const response = await ask('csv', { symbol: ETH });
    expect((await response.text()).split('\n')).toHaveLength(2);
    expect(JSON.parse(response.headers.get('x-candlecast-certificate') ?? '')).toMatchObject({ expected: 0, present: 0 });
  });

  it('sends the headers alone to HEAD', async () => {
    const response = await fetch(`${origin}/export/candles.csv?symbol=${BTC}&interval=1m`, { method: 'HEAD' });
    expect(JSON.parse(response.headers.get('x-candlecast-certificate') ?? '')).toMatchObject(CERTIFICATE);
  });

  it.each([
    [{ symbol: 'NOPE' }, 'SYMBOL_NOT_FOUND', 404],
    [{ interval: '7m' }, 'INTERVAL_UNSUPPORTED', 400],
    [{ interval: '' }, 'BAD_USER_INPUT', 400],
    [{ from: 'yesterday' }, 'BAD_USER_INPUT', 400],
    [{ from: '2022-01-04T00:00:00Z', to: '2022-01-03T00:00:00Z' }, 'BAD_USER_INPUT', 400],
    [{ compression: 'zip' }, 'BAD_USER_INPUT', 400],
    [{ from: '1970-01-01T00:00:00Z' }, 'RANGE_TOO_LARGE', 400],
  ])('refuses %j with %s', async (values, code, status) => {
    const response = await ask('csv', values);
    const { errors } = (await response.json()) as { errors: { extensions: Record<string, unknown> }[] };
    expect([response.status, errors[0]?.extensions.code]).toEqual([status, code]);
    expect(errors[0]?.extensions.requestId).toBe(response.headers.get('x-request-id'));
  });
});

describe('/export/candles.parquet', () => {
  it('has the same candles as the CSV, over several row groups', async () => {
    const file = await (await ask('parquet')).arrayBuffer();
    const rows = await parquetReadObjects({ file });
    const lines = (await (await ask('csv')).text()).trimEnd().split('\n').slice(1);
    expect(rows.map((row) => [row.open_time, row.trade_count])).toEqual(
      lines.map((line) => line.split(',')).map((cells) => [new Date(cells[0] ?? ''), BigInt(cells[7] ?? '')]),
    );
    expect(parquetMetadata(file).row_groups).toHaveLength(Math.ceil(PRESENT / PARQUET_PAGE_ROWS));
  });

  it('carries the certificate of what it holds in its footer', async () => {
    const { key_value_metadata: pairs = [] } = parquetMetadata(await (await ask('parquet')).arrayBuffer());
    const metadata = Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
    expect(metadata).toMatchObject({ 'candlecast.symbol': BTC, 'candlecast.interval': '1m' });
    expect(JSON.parse(metadata['candlecast.certificate'] ?? '')).toMatchObject({ ...CERTIFICATE, gapCount: 2 });
  });

  it('may be left uncompressed', async () => {
    const [small, large] = await Promise.all([ask('parquet'), ask('parquet', { compression: 'none' })]);
    expect((await small.arrayBuffer()).byteLength).toBeLessThan((await large.arrayBuffer()).byteLength);
  });
});

it('a day of the market is a day of lines', async () => {
  const response = await ask('csv', { from: toIso(at(1_440)), to: toIso(at(1_440 + DAY_MS / MINUTE_MS)) });
  expect((await response.text()).trimEnd().split('\n')).toHaveLength(1_441);
});
