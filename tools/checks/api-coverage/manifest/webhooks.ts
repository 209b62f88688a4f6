import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const LIFE = gateway(
  'webhooks',
  'webhooks over GraphQL > are made with a secret that is shown once, called, listed, sent again and deleted',
);

/** What holds webhooks. */
export const WEBHOOK_COVERAGE: CoverageMap = {
  'Query.webhooks': LIFE,
  'Query.webhookDeliveries*': LIFE,
  'Mutation.createWebhook*': [...LIFE, ...gateway('webhooks', 'webhooks over GraphQL > are refused for %s')],
  'Mutation.deleteWebhook*': LIFE,
  'Mutation.redeliver*': LIFE,
  'CreateWebhookInput.*': LIFE,
  'CreatedWebhook.*': LIFE,
  'Webhook.*': LIFE,
  'WebhookDelivery*': LIFE,
};
