import { AppError, type WebhookQueue, type WebhookRegister } from '@candlecast/domain';
import type { Database } from './database.ts';
import { deskRow } from './sql/log-desks.ts';
import {
  findDueDeliveries,
  findLiveWebhooks,
  insertWebhook,
  queueDeliveries,
  removeOldDeliveries,
  requeueDelivery,
  saveAttemptRow,
  saveTold,
} from './sql/webhooks.ts';

const DESK = deskRow('webhook_desk');

/** Returns where clients keep their webhooks. */
export function createWebhookRegister({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): WebhookRegister {
  return {
    create: (webhook, most) => sessions.transact((session) => insertWebhook(session, webhook, most)),
    async remove(id, owners) {
      const { count } = await prisma.webhook.deleteMany({ where: { id, owner: { in: [...owners] } } });
      return count > 0;
    },
    redeliver: (deliveryId, owners) => requeueDelivery(sessions, deliveryId, owners),
  };
}

/** Returns what the process that sends deliveries works with. */
export function createWebhookQueue({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): WebhookQueue {
  return {
    takeLease: (holder, forMs) => DESK.take(sessions, holder, forMs),
    dropLease: (token) => DESK.drop(sessions, token),
    findWebhooks: () => findLiveWebhooks(sessions),
    async findTold(topic) {
      const rows = await prisma.webhookTold.findMany({ where: { topic } });
      return new Map(rows.map(({ key, value }) => [key, value]));
    },
    savePlan: (token, plan, mostWaiting) =>
      sessions.transact(async (session) => {
        if (!(await DESK.move(session, token, plan.to))) {
          throw new AppError('lease_lost', `lease ${token} of the webhooks is over: another process delivers by now`);
        }
        await saveTold(session, plan.told);
        return { dropped: await queueDeliveries(session, plan.deliveries, mostWaiting) };
      }),
    findDue: (underWay, perWebhook) => findDueDeliveries(sessions, underWay, perWebhook),
    saveAttempt: (deliveryId, attempt) => saveAttemptRow(sessions, deliveryId, attempt),
    removeOld: (keepMs) => removeOldDeliveries(sessions, keepMs),
  };
}
