export { createInProcessLatestChannel } from './in-process/latest-channel.ts';
export { createEventLog } from './postgres/event-log.ts';
export { createPostgresLatestChannel } from './postgres/latest-channel.ts';
export type { BusLog } from './postgres/listener.ts';
