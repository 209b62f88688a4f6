/** A page of the API guide. */
export interface GuidePage {
  /** Its file, such as `cookbook.md`. */
  readonly file: string;
  readonly text: string;
}

/** What the gateway shows of the guide. */
export interface GuideTexts {
  /** After https://llmstxt.org: what this is, and where to read on. */
  readonly llms: string;
  /** Every page in one text. */
  readonly llmsFull: string;
  /** The guide's GraphQL documents, each under a comment with its heading. */
  readonly documents: readonly string[];
}

const SUMMARY =
  'Candlecast serves crypto market data and forecasts through GraphQL: exact candles with a proof of completeness, subscriptions that resume ' +
  'after a cursor without a hole, forecasts that are stored before the fact. Forecasts are data, not financial advice.';

/** Makes the texts of the guide's pages, in their order. */
export function toGuideTexts(pages: readonly GuidePage[]): GuideTexts {
  const read = pages.map(({ file, text }) => ({ file, title: titleOf(text), about: firstSentences(text), body: toPlain(text) }));
  const index = read.map(({ title, about }) => `- [${title}](/llms-full.txt): ${about}`);
  const llms = [
    `# Candlecast API\n\n> ${SUMMARY}\n`,
    'POST GraphQL to `/graphql` as JSON; subscribe over graphql-transport-ws or server-sent events at the same path. Decimals are text and exact.',
    'Instruments are `VENUE:SYMBOL`. `SIM:` and `REPLAY:` are simulated and recorded markets. Errors are told by `extensions.code`.\n',
    '## Guide\n',
    `${index.join('\n')}\n`,
    '## Machine-readable\n',
    '- [Schema](/schema.graphql): every type, field and argument with its description',
    '- [UDF](/udf/config): TradingView’s Universal Data Feed',
    '- [CSV](/export/candles.csv) and [Parquet](/export/candles.parquet): candles of any range, `?symbol=&interval=&from=&to=`\n',
  ].join('\n');
  return {
    llms,
    llmsFull: `# Candlecast API\n\n> ${SUMMARY}\n\n${read.map(({ body }) => body).join('\n')}`,
    documents: pages.flatMap(({ text }) => documentsOf(text)),
  };
}

function titleOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? '';
}

/** Returns the first paragraph in one line. */
function firstSentences(text: string): string {
  const paragraph = text.split('\n\n').find((block) => /^[A-Z`]/.test(block)) ?? '';
  return withoutLinks(paragraph.replaceAll('\n', ' '));
}

/** Headings one level down, no links to files, and nothing that only the tests need. */
function toPlain(text: string): string {
  return withoutLinks(text.replace(/^(#+ )/gm, '#$1').replace(/^```(\w+) .*$/gm, '```$1'));
}

function withoutLinks(text: string): string {
  return text.replace(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1');
}

/** Returns the documents that are meant to work, as tabs of GraphiQL show them. */
function documentsOf(text: string): string[] {
  let heading = '';
  const documents: string[] = [];
  for (const [whole, title, options = '', body = ''] of text.matchAll(/^#+ (.+)$|^```graphql(.*)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (!/\b(expect|scope)=/.test(options) && whole !== '') documents.push(`# ${heading}\n${body}`);
  }
  return documents;
}
