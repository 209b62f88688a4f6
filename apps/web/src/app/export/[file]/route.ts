import { readWebSettings } from '../../../server/config.ts';
import { gatewayUrl } from '../../../server/gateway-address.ts';
import { readVisitor } from '../../../server/visitor.ts';

const FILES = ['candles.csv', 'candles.parquet'];
const PARAMETERS = ['symbol', 'interval', 'from', 'to'];
const PASSED_ON = ['content-type', 'content-disposition', 'x-candlecast-certificate', 'retry-after'];

interface Context {
  readonly params: Promise<{ readonly file: string }>;
}

/** Hands a file of candles on from the gateway, as it is written there, with the visitor's rights. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { file } = await params;
  if (!FILES.includes(file)) return refusal(404, 'NOT_FOUND', `"${file.slice(0, 40)}" is not one of ${FILES.join(', ')}`);
  const { searchParams } = new URL(request.url);
  const asked = PARAMETERS.flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  try {
    const url = `${gatewayUrl(readWebSettings(), `/export/${file}`)}?${new URLSearchParams(asked)}`;
    const answer = await fetch(url, { headers: readVisitor(request).headers, cache: 'no-store', signal: request.signal });
    const headers = PASSED_ON.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as [string, string]];
    });
    return new Response(answer.body, { status: answer.status, headers });
  } catch (error) {
    if (!request.signal.aborted) console.error('the gateway does not answer:', error);
    return refusal(502, 'INTERNAL_SERVER_ERROR', 'the gateway does not answer');
  }
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code, retryable: status >= 500 } }] }, { status });
}
