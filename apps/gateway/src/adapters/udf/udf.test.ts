import { SECOND_MS } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, BTC, ETH, startTestMarket, type TestMarket } from '../../testing/test-market.ts';

/** Bars that exist: three hours of minutes, but for a hole of a quarter of an hour. */
const MINUTES = 180;
const HOLE = [60, 75] as const;

let market: TestMarket;
let origin: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, HOLE[0]);
  await market.candles.recordGap(BTC, { from: at(HOLE[0]), to: at(HOLE[1]) }, 'EXCHANGE_OUTAGE', at(HOLE[1]));
  await market.close(BTC, HOLE[1], MINUTES);
  origin = new URL((await market.startGateway()).httpUrl).origin;
});
afterAll(() => market?.stop());

interface UdfAnswer extends Record<string, unknown> {
  readonly s: string;
  readonly t: readonly number[];
  readonly c: readonly number[];
}

async function ask(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: UdfAnswer }> {
  const response = await fetch(`${origin}/udf/${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as UdfAnswer };
}

function history(values: Record<string, string | number>) {
  const parameters = Object.entries({ symbol: BTC, resolution: '1', ...values }).map(([name, value]): [string, string] => [
    name,
    `${value}`,
  ]);
  return ask(`history?${new URLSearchParams(parameters)}`);
}

const unix = (minute: number) => at(minute) / SECOND_MS;

describe('/udf/config', () => {
  it('supports search and single symbols instead of groups, and the time', async () => {
    const { body } = await ask('config');
    expect(body).toMatchObject({ supports_search: true, supports_group_request: false, supports_time: true });
    expect(body).toMatchObject({ supports_marks: false, supports_timescale_marks: false });
  });

  it('lists every resolution that is stored, in the words of the protocol', async () => {
    expect((await ask('config')).body.supported_resolutions).toEqual(
      ['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', '1D', '1W'], //
    );
  });

  it('lists the running venue and the kind of symbol as filters of the search', async () => {
    const { body } = await ask('config');
    expect(body).toMatchObject({ exchanges: [{ value: 'SIM' }], symbols_types: [{ value: 'crypto' }] });
  });
});

describe('/udf/symbols', () => {
  it('describes a pair that trades round the clock in UTC, with its steps', async () => {
    const { body } = await ask(`symbols?symbol=${BTC}`);
    expect(body).toMatchObject({
      name: 'BTCUSDT',
      ticker: BTC,
      type: 'crypto',
      session: '24x7',
      timezone: 'Etc/UTC',
      minmov: 1,
      pricescale: 100,
      volume_precision: 5,
      has_intraday: true,
      has_daily: true,
      has_weekly_and_monthly: true,
      exchange: 'SIM',
      'exchange-listed': 'SIM',
      currency_code: 'USDT',
    });
  });

  it('finds a pair by its bare symbol', async () => {
    expect((await ask('symbols?symbol=btcusdt')).body.ticker).toBe(BTC);
  });

  it('answers s: error for a symbol that it does not know', async () => {
    const { status, body } = await ask('symbols?symbol=NOPE');
    expect(status).toBe(404);
    expect(body).toMatchObject({ s: 'error', errmsg: 'symbol "NOPE" is not tracked', code: 'SYMBOL_NOT_FOUND' });
  });
});

describe('/udf/search', () => {
  const search = async (query: string) => (await ask(`search?${query}`)).body as unknown as { ticker: string }[];

  it('finds what holds the text, any case, what begins with it first', async () => {
    expect((await search('query=usdt&type=&exchange=&limit=10')).map(({ ticker }) => ticker)).toEqual([BTC, ETH]);
    expect(await search('query=eth')).toEqual([
      { symbol: 'ETHUSDT', full_name: ETH, description: 'ETH / USDT', exchange: 'SIM', ticker: ETH, type: 'crypto' },
    ]);
  });

  it('gives at most as many as asked for', async () => expect(await search('query=USDT&limit=1')).toHaveLength(1));

  it('filters by market and kind', async () => {
    expect(await search('query=BTC&exchange=BINANCE')).toEqual([]);
    expect(await search('query=BTC&type=stock')).toEqual([]);
    expect(await search('query=BTC&exchange=SIM&type=crypto')).toHaveLength(1);
  });

  it('finds nothing for what is not there', async () => expect(await search('query=XYZ')).toEqual([]));

  it('refuses a limit that is none', async () => {
    expect((await ask('search?query=BTC&limit=0')).body).toMatchObject({ s: 'error', code: 'BAD_USER_INPUT' });
  });
});

describe('/udf/history', () => {
  it('gives the bars that open in [from, to), oldest first, times in seconds', async () => {
    const { body } = await history({ from: unix(10), to: unix(13) });
    expect(body).toMatchObject({ s: 'ok', t: [unix(10), unix(11), unix(12)], c: [1010.5, 1011.5, 1012.5] });
  });

  it('has columns of one length', async () => {
    const { body } = await history({ from: unix(0), to: unix(30) });
    expect(['t', 'o', 'h', 'l', 'c', 'v'].map((column) => (body[column] as unknown[]).length)).toEqual([30, 30, 30, 30, 30, 30]);
  });

  it('gives countback bars before to, whatever from says', async () => {
    const { body } = await history({ from: unix(100), to: unix(103), countback: 40 });
    expect(body.t).toHaveLength(40);
    expect(body.t.at(-1)).toBe(unix(102));
  });

  it('counts back over a hole', async () => {
    const { body } = await history({ to: unix(80), countback: 10 });
    expect(body.t).toEqual([55, 56, 57, 58, 59, 75, 76, 77, 78, 79].map(unix));
  });

  it('says no_data and where older bars are', async () => {
    expect((await history({ from: unix(61), to: unix(70) })).body).toEqual({ s: 'no_data', nextTime: unix(59) });
  });

  it('says no_data without nextTime when there is nothing older', async () => {
    expect((await history({ from: unix(-60), to: unix(-30) })).body).toEqual({ s: 'no_data' });
    expect((await history({ to: unix(0), countback: 5 })).body).toEqual({ s: 'no_data' });
  });

  it('takes a to in the future', async () => {
    expect((await history({ from: unix(178), to: unix(4_000) })).body.t).toEqual([unix(178), unix(179)]);
  });

  it.each([
    ['3', 3],
    ['60', 60],
    ['D', 1_440],
    ['1D', 1_440],
    ['1h', 60],
  ])('knows the resolution %s', async (resolution, minutes) => {
    const { body } = await history({ resolution, to: unix(1_440), countback: 1 });
    expect(body.t[0]).toBe(unix(0) + Math.floor((MINUTES - 1) / minutes) * minutes * 60);
  });

  it('opens days at 00:00 UTC and weeks on Monday', async () => {
    expect((await history({ resolution: '1D', to: unix(1_440), countback: 1 })).body.t).toEqual([unix(0)]);
    expect((await history({ resolution: '1W', to: unix(1_440), countback: 1 })).body.t).toEqual([unix(0)]);
  });

  it.each([
    [{ resolution: '1M', from: unix(0), to: unix(10) }, 'INTERVAL_UNSUPPORTED', 400],
    [{ symbol: 'NOPE', from: unix(0), to: unix(10) }, 'SYMBOL_NOT_FOUND', 404],
    [{ from: unix(0) }, 'BAD_USER_INPUT', 400],
    [{ to: unix(0) }, 'BAD_USER_INPUT', 400],
    [{ from: unix(10), to: unix(0) }, 'BAD_USER_INPUT', 400],
    [{ from: 'soon', to: unix(10) }, 'BAD_USER_INPUT', 400],
    [{ to: unix(10), countback: 5_001 }, 'RANGE_TOO_LARGE', 400],
    [{ from: unix(0), to: unix(5_001) }, 'RANGE_TOO_LARGE', 400],
    [{ to: unix(10), countback: '1e3' }, 'BAD_USER_INPUT', 400],
  ])('refuses %j with %s', async (values, code, expected) => {
    const { status, headers, body } = await history(values as Record<string, string | number>);
    expect(body).toMatchObject({ s: 'error', errmsg: expect.any(String), code, requestId: headers.get('x-request-id') });
    expect(status).toBe(expected);
  });
});

describe('/udf/time', () => {
  it("is the venue's time in whole seconds, nothing else", async () => {
    const response = await fetch(`${origin}/udf/time`);
    expect(await response.text()).toBe(`${market.clock.now() / SECOND_MS}`);
  });
});

describe('the door of the adapters', () => {
  it('lets pages of listed origins read and no others', async () => {
    const headersFor = async (from: string) => (await ask('config', { headers: { origin: from } })).headers;
    expect((await headersFor('http://localhost:3000')).get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect((await headersFor('http://evil.example')).get('access-control-allow-origin')).toBeNull();
  });

  it('answers GET and HEAD only', async () => {
    const { status, headers } = await ask('config', { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await fetch(`${origin}/udf/config`, { method: 'HEAD' })).status).toBe(200);
  });
});
