import { readWebSettings } from '../../server/config.ts';
import { gatewayUrl } from '../../server/gateway-address.ts';

export const dynamic = 'force-dynamic';

const TIMEOUT_MS = 3_000;

/** 200 when the gateway answers that it is ready, else 503 with the reason; the same form as the other services'. */
export async function GET(): Promise<Response> {
  const detail = await findGatewayProblem();
  const ready = detail === null;
  return Response.json({ ready, checks: [{ name: 'gateway', ready, detail }] }, { status: ready ? 200 : 503 });
}

async function findGatewayProblem(): Promise<string | null> {
  try {
    const url = gatewayUrl(readWebSettings(), '/ready');
    const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok ? null : `the gateway answers ${answer.status}`;
  } catch (error) {
    return `the gateway does not answer: ${error instanceof Error ? error.message : error}`;
  }
}
