/** How often and how long a fault strikes. Times are milliseconds of this machine's clock unless they say otherwise. */
export interface Aim {
  /** Everything that the fault draws at random follows from this. Default 1. */
  readonly seed?: number;
  /** Ends after so many hits. Default: never; REST faults after one call. */
  readonly count?: number;
  /** Lets so many candidates pass before the first hit. */
  readonly skip?: number;
  /** Hits each candidate with this chance, above 0 to 1. */
  readonly probability?: number;
  readonly durationMs?: number;
  /** The same in the venue's time. */
  readonly venueDurationMs?: number;
}

/** Which open links are struck: `count` of those that listen to a stream of that name (`*` stands for anything), newest first by default. */
export interface LinkAim {
  readonly count?: number;
  readonly stream?: string;
  readonly choose?: 'newest' | 'oldest' | 'random';
  readonly seed?: number;
}

/** Which frames are struck: by the stream's name (`*` stands for anything, `*@kline_1m`), by symbol, closing klines or all others. */
export interface FrameAim extends Aim {
  readonly stream?: string;
  readonly symbol?: string;
  readonly only?: 'closing' | 'running';
}

/** Cuts a link: without a closing frame by FIN or RST, in the middle of a frame by either, or by a closing frame without code and reason. */
export type Cut = 'fin' | 'rst' | 'midFrame' | 'midFrameRst' | 'noReason';

/** A fault on links that are open: it strikes at once. */
export type LinkFault = LinkAim &
  (
    | { readonly kind: 'dropLinks'; readonly how: Cut }
    /** Keeps the links open and dead: nothing is sent or answered any more, PONGs included. */
    | { readonly kind: 'halfOpen' }
    /** Goes on answering control messages and PINGs, and sends no data. */
    | { readonly kind: 'muteLinks' }
    /** Sends `pings` PINGs (default 500) in one go. */
    | { readonly kind: 'pingFlood'; readonly pings?: number }
    /** Closes the links as at the end of their 24 hours. */
    | { readonly kind: 'expireLinks' }
    /** Announces a shutdown and closes the links after `noticeMs` or `venueNoticeMs` (default 0). */
    | { readonly kind: 'serverShutdown'; readonly noticeMs?: number; readonly venueNoticeMs?: number }
  );

/** A fault on links to come or on what they ask for. */
export type ConnectFault =
  /** Cuts each new link `afterMs` after it was opened. */
  | (Aim & { readonly kind: 'cutNewLinks'; readonly afterMs: number; readonly how?: Cut })
  /** Refuses new links by an HTTP status (default 503) or by RST. */
  | (Aim & { readonly kind: 'refuseLinks'; readonly answer?: 400 | 403 | 418 | 429 | 451 | 500 | 502 | 503 | 'reset' })
  /** Listens no more: every new TCP connection is refused, REST and this interface included, until the time is over. */
  | { readonly kind: 'refuseConnections'; readonly durationMs: number }
  /** Neither follows nor answers SUBSCRIBE and UNSUBSCRIBE with more than `moreThan` names (default 0). */
  | (Aim & { readonly kind: 'ignoreControl'; readonly moreThan?: number });

/** What becomes of a frame. */
export type FrameHarm =
  | { readonly how: 'drop' }
  /** Sends it `times` times more (default 1). */
  | { readonly how: 'repeat'; readonly times?: number }
  /** Sends it `delayMs` of the venue's time late, with the event time that it had. */
  | { readonly how: 'delay'; readonly delayMs: number }
  /** Sends it after one to `window` (default 3) later frames of its stream. */
  | { readonly how: 'reorder'; readonly window?: number }
  /** Sends the frame that came `back` frames (default 1) before it once more, with `instead` in its place. */
  | { readonly how: 'replay'; readonly back?: number; readonly instead?: boolean }
  /** Puts something into the JSON that does not belong there. */
  | { readonly how: 'corruptJson' }
  /** Text frame with bytes that are no UTF-8. */
  | { readonly how: 'corruptUtf8' }
  /** A whole WebSocket frame with the beginning of the JSON alone. */
  | { readonly how: 'truncate' }
  /** A field has a value of another type. */
  | { readonly how: 'wrongType' }
  /** An amount is `NaN`, negative or beyond every number. */
  | { readonly how: 'badNumber'; readonly value?: 'NaN' | 'negative' | '1e400' }
  | { readonly how: 'unknownEvent' }
  | { readonly how: 'unknownField' }
  /** A kline of an interval that does not exist; other events have a new kind of event. */
  | { readonly how: 'newEnum' }
  /** The event says that it is about `as` (default `ZZZUSDT`). */
  | { readonly how: 'wrongSymbol'; readonly as?: string }
  /** A good event in a frame of `bytes` (default 17 MB). */
  | { readonly how: 'oversize'; readonly bytes?: number }
  /** The event time is off by `byMs`. */
  | { readonly how: 'shiftTime'; readonly byMs: number };

/** A fault on the events that streams send. */
export type FrameFault = FrameAim &
  (
    | (FrameHarm & { readonly kind: 'frames' })
    /** Acknowledges a stream and sends nothing on it. */
    | { readonly kind: 'muteStream'; readonly stream: string }
    /** Sends the closing frame of klines `delayMs` of the venue's time late; its event time is that of the sending. */
    | { readonly kind: 'delayClose'; readonly delayMs: number }
    /** Leaves the closing frame of klines out. */
    | { readonly kind: 'omitClose' }
  );

/** How a REST call goes wrong. */
export type RestFaultAnswer =
  /** A status with the exchange's body for it, and what else it says: a wait in seconds, the end of a ban. */
  | 400
  | 403
  | 418
  | 429
  | 451
  | 500
  | 502
  | 503
  | 504
  /** No answer, and after ten seconds -1007. */
  | 'timeout'
  /** The right answer, byte by byte over `bodyMs` (default 5,000). */
  | 'slowBody'
  /** The right answer, cut in its middle. */
  | 'cutBody'
  /** An empty array. */
  | 'emptyPage'
  /** The answer of `ageMs` (default 10,000) of the venue's time ago: the last row stands as it stood then. */
  | 'stale'
  /** The book `byMs` of the venue's time before (negative) or after the moment of the call. */
  | 'bookShift'
  | 'corruptJson'
  /** Every pair has a status that does not exist (exchangeInfo). */
  | 'newEnum'
  /** One value has another type. */
  | 'wrongType';

/** A fault on REST calls: on `calls` (or `count`, default 1) of those under /api/v3/`path`, of that symbol, when they are given. */
export interface RestFault extends Aim {
  readonly kind: 'rest';
  readonly answer: RestFaultAnswer;
  readonly calls?: number;
  readonly path?: string;
  readonly symbol?: string;
  /** The code in the body of a refusal, -1016 say, instead of the usual one of its status. */
  readonly code?: number;
  /** For 429 and 418. Default: 1 and 120. */
  readonly retryAfterS?: number;
  readonly ageMs?: number;
  readonly byMs?: number;
  readonly bodyMs?: number;
}

/** A fault of the venue as a whole. */
export type VenueFault =
  /** The venue says a time that is off by `byMs`: as server time, as event times, or both (default). Its market is not moved. */
  | (Aim & { readonly kind: 'timeJump'; readonly byMs: number; readonly of?: 'server' | 'events' | 'both' })
  /** The venue stood still in [from, to): no kline, no trade, in every view and in the truth. Trade ids go on without a hole. */
  | { readonly kind: 'hole'; readonly symbol: string; readonly from: number; readonly to: number }
  /** In [from, to) the 1m klines open `shiftMs` after the minute. */
  | { readonly kind: 'offGrid'; readonly symbol: string; readonly from: number; readonly to: number; readonly shiftMs: number };

/** Something to go wrong on purpose. */
export type Fault =
  | LinkFault
  | ConnectFault
  | FrameFault
  | RestFault
  | VenueFault
  /** Ends every fault that is still armed, or one. Holes and rows off the grid stay. */
  | { readonly kind: 'clear'; readonly id?: number };

/** A fault with what became of it. */
export interface FaultRecord {
  readonly id: number;
  readonly fault: Fault;
  /** How many links, frames, calls or minutes it has hit. */
  readonly hits: number;
  readonly isArmed: boolean;
}
