import type { LatestChannel } from '@candlecast/domain';
import { createLatestMailbox, type LatestMailbox } from '../latest-mailbox.ts';

/** Returns a channel between parts of one process. */
export function createInProcessLatestChannel(): LatestChannel {
  const mailboxes = new Set<LatestMailbox>();
  const closing = new AbortController();
  return {
    publish(update) {
      for (const mailbox of mailboxes) mailbox.put(update);
    },
    subscribe(topics, signal) {
      const mailbox = createLatestMailbox(topics);
      mailboxes.add(mailbox);
      const ended = AbortSignal.any([signal, closing.signal]);
      ended.addEventListener('abort', () => mailboxes.delete(mailbox), { once: true });
      return mailbox.read(ended);
    },
    async close() {
      closing.abort();
    },
  };
}
