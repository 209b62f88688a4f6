import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { DAY_MS, type EpochMs, type TimeRange } from '@candlecast/domain';
import { ZipFile } from 'yazl';
import type { Kline, SymbolMarket } from '../market/symbol-market.ts';
import { findKlines } from '../venue/find-klines.ts';
import { type KlineInterval, parseKlineInterval } from '../venue/kline-interval.ts';
import type { Venue } from '../venue/venue.ts';
import { endText, type TimeUnit, timeText } from './json-text.ts';

/** How a dump file goes wrong: a checksum that is not its own, half of its bytes, every 97th row left out, or a host that fails. */
export type DumpFault = 'checksum' | 'truncated' | 'missingRows' | 'unavailable';

const PREFIX = '/data/spot/';
const PATH_PATTERN =
  /^\/data\/spot\/(?<kind>monthly|daily)\/klines\/(?<symbol>[^/]+)\/(?<interval>\w+)\/(?<name>[^/]+)-(?<period>\d{4}-\d\d(?:-\d\d)?)\.zip(?<checksum>\.CHECKSUM)?$/;
/** Spot dumps are in microseconds from here on. */
const MICROSECONDS_FROM = Date.UTC(2025, 0, 1);
const LEFT_OUT = 97;

/** Serves what Binance's dump host does: kline archives of whole past months and days with their checksums, made of the market. */
export class DumpHost {
  readonly #venue: Venue;
  readonly #faults: DumpFault[] = [];
  #hits = 0;

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  /** Tells whether the path belongs here. */
  owns(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  /** How many archives (checksums aside) were served. */
  get hits(): number {
    return this.#hits;
  }

  /** Spoils the next `files` archives, or of `checksum` and `unavailable` the next answers. */
  spoil(fault: DumpFault, files = 1): void {
    this.#faults.push(...Array.from({ length: files }, () => fault));
  }

  /** Writes the answer: 404 for what is not there, as for a month that is not over. */
  async handle(_: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const parts = PATH_PATTERN.exec(decodeURIComponent(url.pathname))?.groups;
    const { kind = '', symbol: name = '', interval: intervalName = '', period = '' } = parts ?? {};
    const symbol = this.#venue.market.symbols.get(name);
    const interval = parseKlineInterval(intervalName);
    const range = toRange(kind, period);
    if (!symbol || !interval || !range || parts?.name !== `${name}-${intervalName}` || range.to > this.#venue.time.now())
      return end(response, 404, 'NoSuchKey');
    if (range.to <= symbol.firstTime) return end(response, 404, 'NoSuchKey');
    if (this.#take('unavailable')) return end(response, 503, 'SlowDown');
    const isMissingRows = !parts.checksum ? this.#take('missingRows') : this.#faults[0] === 'missingRows';
    const csvName = `${name}-${intervalName}-${period}.csv`;
    const zip = await zipOf(csvName, await this.#csvOf(symbol, interval, range, isMissingRows));
    if (parts.checksum) {
      const sum = createHash('sha256')
        .update(this.#take('checksum') ? 'another file' : zip)
        .digest('hex');
      return end(response, 200, `${sum}  ${csvName.replace('.csv', '.zip')}\n`);
    }
    this.#hits += 1;
    const bytes = this.#take('truncated') ? zip.subarray(0, zip.length / 2) : zip;
    response.writeHead(200, { 'Content-Type': 'application/zip', 'Content-Length': bytes.length }).end(bytes);
  }

  #take(fault: DumpFault): boolean {
    if (this.#faults[0] !== fault) return false;
    this.#faults.shift();
    return true;
  }

  async #csvOf(symbol: SymbolMarket, interval: KlineInterval, range: TimeRange, isMissingRows: boolean): Promise<string> {
    const query = { interval, offsetMs: 0, startTime: range.from, endTime: (range.to - 1) as EpochMs, limit: Number.POSITIVE_INFINITY };
    const klines = await findKlines(symbol, query, this.#venue.time.now());
    const unit = range.from >= MICROSECONDS_FROM ? 'MICROSECOND' : 'MILLISECOND';
    return klines
      .filter((_, index) => !isMissingRows || index % LEFT_OUT !== LEFT_OUT - 1)
      .map((kline) => csvRow(kline, unit))
      .join('');
  }
}

function csvRow(kline: Kline, unit: TimeUnit): string {
  const { open, high, low, close, volume, quoteVolume, tradeCount, takerBuyBase, takerBuyQuote } = kline;
  const times = [timeText(kline.openTime, unit), endText(kline.closeTime, unit)];
  const amounts = [quoteVolume, tradeCount, takerBuyBase, takerBuyQuote].map((value) => value ?? '');
  return `${[times[0], open, high, low, close, volume, times[1], ...amounts, 0].join(',')}\n`;
}

function toRange(kind: string, period: string): TimeRange | undefined {
  const [year = 0, month = 0, day = 1] = period.split('-').map((part) => Number.parseInt(part, 10));
  if ((kind === 'daily') !== (period.length === 10)) return undefined;
  const from = Date.UTC(year, month - 1, day) as EpochMs;
  const to = (kind === 'daily' ? from + DAY_MS : Date.UTC(year, month, 1)) as EpochMs;
  return { from, to };
}

async function zipOf(name: string, text: string): Promise<Buffer> {
  const zip = new ZipFile();
  // One time for all, so that the same rows are the same bytes.
  zip.addBuffer(Buffer.from(text), name, { mtime: new Date(0), compressionLevel: 1 });
  zip.end();
  return buffer(zip.outputStream);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
}
