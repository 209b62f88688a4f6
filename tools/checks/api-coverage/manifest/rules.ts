import type { CoverageMap } from '../cover.ts';
import { client, gateway } from './gateway.ts';

const RESUMED = 'a subscription that is cut and resumed with its cursor';

/** What holds the rules. */
export const RULE_COVERAGE: CoverageMap = {
  'R.decimal': gateway('queries', 'a market with data > keeps decimals as they are stored'),
  'R.datetime': gateway('queries', 'a market with data > lists instruments by page, by text and by state, exactly as they are stored'),
  'R.interval': gateway('adapters/udf/udf', '/udf/history > knows the resolution %s'),
  'R.symbol': gateway('queries', 'a market with data > finds an instrument by id and by bare symbol, in any case'),
  'R.close-time': gateway(
    'stream-live',
    'open candles > of longer intervals hold the closed minutes of the bucket and the open one, exactly',
  ),
  'R.resume.exact': gateway(
    'stream-resume',
    `${RESUMED} > goes on without hole or repeat over WebSocket (seed %i)`,
    `${RESUMED} > goes on without hole or repeat over server-sent events (seed %i)`,
  ),
  'R.resume.two-gateways': gateway(
    'stream-resume',
    `${RESUMED} > gets the same sequence from two gateways`,
    `${RESUMED} > moves to another gateway when its own stops, which answers what it was asked before`,
  ),
  'R.resume.expired': gateway('stream-resume', 'a cursor that cannot be continued > is refused with the reason'),
  'R.resume.snapshot-again': [
    ...gateway('stream-resume', 'a cursor that cannot be continued > makes the client take a new snapshot and say so'),
    ...client('candle-stream', 'candles.stream > starts anew, and says so, when the gateway answers %s'),
  ],
  'R.cursor.kinds': [
    ...gateway('candle-pages', 'pages of candles > refuse what makes no sense'),
    ...gateway('books-and-trades', 'trades > refuse cursors of another kind'),
    ...gateway('stream-resume', 'a cursor that cannot be continued > is refused with the reason'),
  ],
  'R.cursor.exclusive': gateway('stream-resume', 'a cursor that cannot be continued > is refused with the reason'),
  'R.cursor.bars': gateway('queries', 'a market with data > reads the cursor of bars in the same snapshot'),
  'R.latest-only': gateway(
    'stream-live',
    'open candles > are conflated to the newest and throttled',
    'latest-only subscriptions > send what is there first, then changes',
  ),
  'R.slow-reader': gateway(
    'slow-reader',
    'a reader that does not keep up > is cut with the cursor after which it resumes without hole or repeat, and costs others nothing',
  ),
  'R.durable': gateway('stream-resume', `${RESUMED} > gets the same sequence from two gateways`),
  'R.snapshot': gateway(
    'stream-resume',
    'a snapshot and live data in one operation > meet without hole or overlap while candles are being committed',
  ),
  'R.heartbeat': gateway('stream-live', 'what else a stream tells > says that it is alive, with a cursor to resume after'),
  'R.forecast.times': gateway('forecasts', 'latestForecasts > shows each forecast with its model, its input and the warning'),
  'R.webhooks': [
    ...gateway('webhooks/signature', 'the signature of a delivery > is the one that the specification gives as its example'),
    ...gateway(
      'webhooks/courier',
      'webhooks > are told of closed candles by symbol and interval, signed, each with an id of its own',
      'webhooks > are tried again after a failure with the same id and body, given up after a day, and sent again when somebody asks',
    ),
    ...gateway(
      'webhooks/post-to-target',
      'a name that changes its mind (DNS rebinding) > is refused when it leads inside by the time of the delivery',
    ),
  ],
  'R.shared-execution': [
    ...gateway(
      'shared-streams',
      'subscriptions that ask the same > share one execution a topic, whatever their symbols, cursors, snapshots, throttles and transports’ ids',
      'a reader that has stopped reading > gets every durable event and only the newest open candle once it reads on; the others wait for nothing',
    ),
    ...gateway(
      'live/handover',
      'a subscription that goes from the log into what is shared, and back > gets every event after its cursor once and in order, however joining, handing out, stalling and failing alternate',
    ),
  ],
  'R.limit.rows': [
    ...gateway('limits', 'over %s > refuses %s'),
    ...gateway('queries', 'a market with data > refuses bars without a range and too many of them'),
  ],
  'R.limit.symbols': gateway('limits', 'over %s > refuses %s'),
  'R.limit.document': gateway('limits', 'over %s > refuses %s'),
  'R.limit.cost': gateway('limits', 'over %s > refuses %s'),
  'R.error.shape': gateway('guard/to-client-error', 'toClientError > shows %s'),
  'R.error.masked': gateway('limits', 'over %s > shows nothing of a failure of ours but a request id'),
  'R.keys': gateway(
    'keys',
    'keys over HTTP > are made by an admin, shown once, and listed without what is secret',
    'keys over HTTP > work for a day beside their successor, and are revoked within seconds',
    'keys over WebSocket > are shown in the parameters of the connection, in any case',
  ),
  'R.quotas': [
    ...gateway(
      'quotas',
      'a quota over HTTP > is told with every answer, and ends with 429 until the minute is over',
      'a quota over HTTP > is one for all gateways: together they never give more than it',
      'a quota over WebSocket > is told in the acknowledgement and in the extensions of results, and refuses operations',
    ),
    ...gateway(
      'adapters/admission',
      'the quota of adapters > is the one of GraphQL: a point for asking, more by rows, files a tenth, and 429 when none are left',
    ),
  ],
  'R.tracking': gateway(
    'tracking',
    'tracking requests > are refused while too many wait',
    'tracking requests > need a key with the scope TRACK where tracking is not open to everybody',
  ),
  'R.transport.http': [
    ...gateway('compliance/http-audits', 'GraphQL over HTTP > has 61 audits', 'GraphQL over HTTP > %s %s'),
    ...gateway(
      'known-documents',
      'documents > run without a key when they are on the list, by hash or in full',
      'what a cache may keep > is what a GET of a known document answers, as long as it is the newest',
    ),
  ],
  'R.transport.websocket': [
    ...gateway(
      'limits',
      'the WebSocket door > closes a socket that breaks the protocol',
      'the WebSocket door > runs at most fifty operations a connection',
    ),
    ...gateway('compliance/transport-ws', 'many operations > a thousand of them, interleaved, each with its own results and none twice'),
    ...gateway('compliance/attacks', 'over %s > refuses %s'),
  ],
  'R.transport.sse': gateway('stream-resume', `${RESUMED} > goes on without hole or repeat over server-sent events (seed %i)`),
  'R.drain': gateway('stream-live', 'what else a stream tells > ends with an error and lets the client go on when the gateway stops'),
  'R.origin': gateway(
    'limits',
    'the HTTP door > lets only the web app of this machine read from a browser',
    'the WebSocket door > refuses %s',
  ),
  'R.edge': gateway(
    'bar-chunks',
    'what caches may keep of history > is a closed chunk for ever, under the address of its present revision, at every gateway',
    'what caches may keep of history > is the live tail for a second',
    'what caches may keep of history > is nothing long under a revision that is not the present one, also when it comes to be',
    'what caches may keep of history > names corrections in roll-ups, too, within the tail that is a second old',
  ),
  'R.evolution': gateway(
    'schema/schema-changes',
    'the schema > breaks no document that was written for the released one',
    'listUnannouncedChanges > reports %s',
  ),
  'R.described': gateway(
    'schema/schema',
    'the schema > describes every type, field and argument',
    'the schema > states the snapshot rule and the update rate of every subscription',
  ),
  'R.certificate': gateway('candle-pages', 'a certificate > counts what is missing and says why, recorded or not'),
  'R.graphiql': gateway('adapters/llms/llms', 'GraphiQL > opens with the documents of the guide, and every tab fits the schema'),
  'R.schema-file': gateway('limits', 'the HTTP door > answers health, readiness, metrics and the schema'),
  'R.udf': gateway(
    'adapters/udf/udf',
    '/udf/config > supports search and single symbols instead of groups, and the time',
    '/udf/symbols > describes a pair that trades round the clock in UTC, with its steps',
    '/udf/search > finds what holds the text, any case, what begins with it first',
    '/udf/history > gives the bars that open in [from, to), oldest first, times in seconds',
    "/udf/time > is the venue's time in whole seconds, nothing else",
  ),
  'R.export': [
    ...gateway(
      'adapters/export/export',
      '/export/candles.csv > has every closed candle of the range, digit by digit as the API shows it',
      '/export/candles.csv > proves after the last line what was written',
      '/export/candles.parquet > has the same candles as the CSV, over several row groups',
    ),
    ...gateway('adapters/export/back-pressure', 'a large export > comes whole, in bounded memory'),
  ],
  'R.client': [
    ...gateway(
      'client-package',
      'the packed client > runs against a gateway: queries, pages, files, errors by code, and a stream into live',
    ),
    ...client(
      'candle-stream',
      'candles.stream > goes on after the last durable event when the socket ends with %i, and says what it recovered',
    ),
  ],
  'R.guide': gateway(
    'api-guide',
    'the API guide > has no example that nothing runs',
    'the API guide > $page, document $name: answers as the page says',
  ),
  'R.llms': gateway('adapters/llms/llms', '/llms.txt > says what this is and where to read on, in the form of llmstxt.org'),
};
