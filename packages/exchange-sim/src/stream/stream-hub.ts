import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DAY_MS } from '@candlecast/domain';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LinkAim, LinkFault } from '../faults/fault.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { toStreamTest } from '../faults/stream-pattern.ts';
import { keyOf, RandomRun } from '../market/random.ts';
import { type TimeUnit, timeText } from '../rest/json-text.ts';
import type { Venue } from '../venue/venue.ts';
import { Channel } from './channel.ts';
import { MAX_STREAMS } from './control.ts';
import type { Feed, FeedSource } from './feed.ts';
import { Link, type LinkLimits } from './link.ts';
import { parseStreamName } from './stream-name.ts';

export interface StreamLimits extends LinkLimits {
  /** New links in five minutes from one address. */
  readonly connectionsPer5Min: number;
}

const TICK_MS = 50;
const MAX_URL_CHARACTERS = 8_192;
const FIVE_MINUTES_MS = 300_000;

/** What the address of a link asks for. */
interface Request {
  readonly combined: boolean;
  readonly unit: TimeUnit;
  readonly streams: readonly string[];
}

/** All stream links of the venue. Twenty times a second every pair that somebody listens to is played up to the venue's time. */
export class StreamHub {
  readonly #venue: Venue;
  readonly #faults: FaultBoard;
  readonly #limits: StreamLimits;
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false, maxPayload: 1_048_576 });
  readonly #links = new Set<Link>();
  readonly #source: FeedSource;
  readonly #feeds = new Map<string, Feed>();
  readonly #attempts = new Map<string, number[]>();
  /** Closings at a time of the venue. */
  #closings: { readonly closeTime: number; readonly close: () => void }[] = [];
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);

  constructor(venue: Venue, source: FeedSource, faults: FaultBoard, limits: StreamLimits) {
    this.#venue = venue;
    this.#source = source;
    this.#faults = faults;
    this.#limits = limits;
  }

  /** How many links are open, and how many streams somebody listens to. */
  get counts(): { readonly links: number; readonly streams: number } {
    return { links: this.#links.size, streams: [...this.#feeds.values()].reduce((sum, feed) => sum + feed.channels.size, 0) };
  }

  /** Takes over an HTTP request to upgrade, or refuses it. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const isAllowed = this.#allowsConnection(request.socket.remoteAddress ?? '');
    const refusal = this.#faults.takeRefusal();
    if (refusal === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    const status = refusal ?? (isAllowed ? undefined : 429);
    const asked = status === undefined ? parseRequest(request.url ?? '') : `${status} ${STATUS_CODES[status]}`;
    if (typeof asked === 'string') {
      refuseUpgrade(socket, asked);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, socket, asked));
  }

  /** Does something to the links that a fault aims at. Returns how many. */
  strike({ stream, count, choose = 'newest', seed = 1 }: LinkAim, act: (link: Link) => void): number {
    const isMeant = toStreamTest(stream);
    const links = [...this.#links].filter((link) => !link.isCut && (stream === undefined || [...link.streams].some(isMeant)));
    const run = new RandomRun(keyOf('fault/links', seed));
    const order = new Map(links.map((link, age) => [link, choose === 'random' ? run.nextUniform() : choose === 'newest' ? -age : age]));
    const chosen = links.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, count);
    for (const link of chosen) act(link);
    return chosen.length;
  }

  /** Announces a shutdown and closes the links after the notice. Returns how many. */
  shutDown(fault: Extract<LinkFault, { kind: 'serverShutdown' }>): number {
    const event = (unit: TimeUnit) => `{"e":"serverShutdown","E":${timeText(this.#venue.time.now(), unit)}}`;
    const end = (link: Link) => link.close(1001, 'server shutdown');
    const closeTime = fault.venueNoticeMs === undefined ? undefined : this.#venue.time.now() + fault.venueNoticeMs;
    return this.strike(fault, (link) => {
      link.sendEvent('!serverShutdown', event(link.unit));
      if (closeTime !== undefined) this.#closings.push({ closeTime, close: () => end(link) });
      else setTimeout(() => end(link), fault.noticeMs ?? 0).unref();
    });
  }

  /** Cuts every link and stops. */
  close(): void {
    clearInterval(this.#timer);
    this.strike({}, (link) => link.cut('rst'));
    this.#server.close();
  }

  #open(webSocket: WebSocket, socket: Socket, { combined, unit, streams }: Request): void {
    const { time } = this.#venue;
    const link = new Link({
      webSocket,
      socket,
      combined,
      unit,
      limits: this.#limits,
      openedAt: time.now(),
      limitNow: () => time.limitNow(),
      onStreams: (change, names) => {
        for (const name of names) {
          if (change === 'subscribe') this.#subscribe(link, name);
          else this.#unsubscribe(link, name);
        }
      },
      losesControl: (count) => this.#faults.takesControl(count),
    });
    this.#links.add(link);
    webSocket.once('close', () => {
      this.#links.delete(link);
      for (const name of [...link.streams]) this.#unsubscribe(link, name);
    });
    for (const name of streams) this.#subscribe(link, name);
    const cut = this.#faults.takeCut();
    if (cut) setTimeout(() => link.cut(cut.how ?? 'fin'), cut.afterMs).unref();
  }

  #subscribe(link: Link, name: string): void {
    const parsed = parseStreamName(name);
    if (!parsed) return;
    link.streams.add(name);
    const key = this.#source.keyOf(parsed);
    if (key === undefined) return;
    const feed = this.#feeds.get(key) ?? this.#source.open(key, this.#venue.time.now());
    this.#feeds.set(key, feed);
    let channel = feed.channels.find(name);
    if (!channel) {
      channel = new Channel(parsed, this.#faults);
      feed.channels.add(channel);
    }
    channel.links.add(link);
  }

  #unsubscribe(link: Link, name: string): void {
    link.streams.delete(name);
    const parsed = parseStreamName(name);
    const key = parsed && this.#source.keyOf(parsed);
    const feed = key === undefined ? undefined : this.#feeds.get(key);
    const channel = feed?.channels.find(name);
    channel?.links.delete(link);
    if (channel?.links.size === 0) feed?.channels.remove(channel);
    if (key !== undefined && feed?.channels.size === 0) this.#feeds.delete(key);
  }

  #tick(): void {
    const now = this.#venue.time.now();
    // One write to each socket for all that happened since the last look.
    for (const link of this.#links) link.cork();
    for (const feed of this.#feeds.values()) feed.play(now);
    for (const link of this.#links) link.uncork();
    const isOver = ({ closeTime }: { closeTime: number }) => closeTime <= now;
    for (const { close } of this.#closings.filter(isOver)) close();
    this.#closings = this.#closings.filter((closing) => !isOver(closing));
    for (const link of this.#links) {
      link.keepAlive();
      if (now - link.openedAt >= DAY_MS) link.expire();
    }
  }

  #allowsConnection(address: string): boolean {
    const now = this.#venue.time.limitNow();
    const recent = (this.#attempts.get(address) ?? []).filter((time) => now - time < FIVE_MINUTES_MS);
    this.#attempts.set(address, recent);
    if (recent.length >= this.#limits.connectionsPer5Min) return false;
    recent.push(now);
    return true;
  }
}

/** Reads `/ws/a/b`, `/ws`, `/stream` or `/stream?streams=a/b`, with `timeUnit`; a text is the HTTP status of the refusal. */
function parseRequest(url: string): Request | string {
  if (url.length > MAX_URL_CHARACTERS) return '414 URI Too Long';
  const [path = '', search = ''] = url.split('?');
  // Not URLSearchParams: it would read the plus of `kline_1d@+08:00` as a space.
  const parameters = new Map(search.split('&').map((pair) => pair.split('=', 2) as [string, string]));
  const unit = (parameters.get('timeUnit') ?? 'MILLISECOND').toUpperCase();
  if (unit !== 'MILLISECOND' && unit !== 'MICROSECOND') return '400 Bad Request';
  const combined = path === '/stream' || path === '/stream/';
  const [, raw] = combined ? ['', parameters.get('streams')] : (/^\/ws\/?(.*)$/.exec(path) ?? ['', undefined]);
  if (!combined && raw === undefined) return '404 Not Found';
  try {
    const streams = (raw ?? '')
      .split('/')
      .map(decodeURIComponent)
      .filter((name) => name !== '');
    if (streams.length > MAX_STREAMS || streams.some((name) => parseStreamName(name) === undefined)) return '400 Bad Request';
    return { combined, unit, streams };
  } catch {
    return '400 Bad Request'; // a percent sign without its code
  }
}

function refuseUpgrade(socket: Socket, status: string): void {
  const retryAfter = status.startsWith('429') ? 'Retry-After: 300\r\n' : '';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${retryAfter}\r\n`);
}
