import type { LogEvent } from '@candlecast/domain';
import type { EventHub, RestartReason } from './event-hub.ts';
import { CONFLATE_BYTES, type Member, sendDurable, sendLatest } from './member.ts';
import type { Topic } from './topic.ts';

/** What is counted where events are shared. */
export interface FanoutCounts {
  executed(): void;
  delivered(count: number): void;
  /** Newest values that were not sent because newer ones followed before the connection had room. */
  conflated(count: number): void;
  /** Events that add up and were not sent. */
  dropped(count: number): void;
  /** Subscriptions that were sent back to the log. */
  fellBehind(count: number): void;
}

/** What a room needs of the subscriptions' common side. */
export interface RoomSide {
  readonly hub: EventHub;
  readonly counts: FanoutCounts;
  readonly unsentLimit: number;
  toEvent(event: LogEvent): unknown;
  render(event: unknown): Promise<string>;
  /** Runs a piece of work after all that came before it. */
  enqueue(kind: 'durable' | 'latest' | 'flow', work: () => Promise<void>): void;
  fallBehind(member: Member): void;
  restart(reason: RestartReason): void;
}

/** The members of one topic. Closed by whoever made it once it is empty. */
export interface Room {
  add(member: Member): void;
  remove(member: Member): void;
  isEmpty(): boolean;
  close(): void;
}

/** Members of one throttle: they get newest values at the same times. */
interface Cadence {
  readonly throttleMs: number;
  readonly members: Set<Member>;
  readonly slots: Map<string, Slot>;
}

/** The rhythm of one key. */
interface Slot {
  sentAt: number;
  isWaiting: boolean;
  timer?: NodeJS.Timeout;
}

/** Opens the room of `topic`: from now on everything of it is executed once and sent to all members. */
export function openRoom(topic: Topic<unknown>, side: RoomSide): Room {
  const { latest } = topic;
  const cadences = new Map<number, Cadence>();
  const rendered = new Map<string, { readonly value: unknown; readonly payload: string }>();
  const stops: (() => void)[] = [];

  async function deliverEvent(event: LogEvent): Promise<void> {
    const shown = cadences.size > 0 && (await side.toEvent(event));
    if (!shown) return;
    const payload = await side.render(shown);
    const position = { epoch: event.epoch, seq: event.seq };
    const now = performance.now();
    let sent = 0;
    for (const { members } of cadences.values()) {
      for (const member of members) {
        if (member.seq >= position.seq) continue;
        if (sendDurable(member, payload, position, side.unsentLimit, now)) sent += 1;
        else side.fallBehind(member);
      }
    }
    side.counts.delivered(sent);
  }

  async function deliverFlow(event: unknown): Promise<void> {
    if (cadences.size === 0) return;
    const payload = await side.render(event);
    let [sent, dropped] = [0, 0];
    for (const { members } of cadences.values()) {
      for (const { outlet } of members) {
        if (outlet.unsentBytes() > CONFLATE_BYTES) dropped += 1;
        else {
          outlet.send(payload);
          sent += 1;
        }
      }
    }
    side.counts.delivered(sent);
    side.counts.dropped(dropped);
  }

  function schedule(cadence: Cadence, key: string): void {
    const slot = slotOf(cadence, key);
    if (slot.isWaiting) return;
    slot.isWaiting = true;
    const send = () => side.enqueue('latest', () => deliverLatest(cadence, key, slot));
    const waitMs = slot.sentAt + cadence.throttleMs - performance.now();
    if (waitMs <= 0) send();
    else slot.timer = setTimeout(send, Math.ceil(waitMs));
  }

  async function deliverLatest(cadence: Cadence, key: string, slot: Slot): Promise<void> {
    slot.isWaiting = false;
    const payload = cadence.members.size > 0 ? await renderNewest(key) : undefined;
    if (!payload) return;
    const now = performance.now();
    slot.sentAt = now;
    let [sent, conflated] = [0, 0];
    for (const member of cadence.members) {
      if (sendLatest(member, payload, slotName(key), () => sendAgain(member, key), now)) sent += 1;
      else conflated += 1;
    }
    side.counts.delivered(sent);
    side.counts.conflated(conflated);
  }

  function sendAgain(member: Member, key: string): void {
    side.enqueue('latest', async () => {
      const payload = member.isOver ? undefined : await renderNewest(key);
      if (!payload || member.isOver) return;
      if (sendLatest(member, payload, slotName(key), () => sendAgain(member, key), performance.now())) side.counts.delivered(1);
    });
  }

  /** The newest value under `key`, serialised once however many cadences and newcomers ask. */
  async function renderNewest(key: string): Promise<string | undefined> {
    const value = latest?.find(key);
    if (value === undefined) return undefined;
    const before = rendered.get(key);
    if (before?.value === value) return before.payload;
    const payload = await side.render(latest?.toEvent(value));
    rendered.set(key, { value, payload });
    return payload;
  }

  function slotName(key: string): string {
    return `${topic.name} ${key}`;
  }

  if (topic.logKeys) {
    const accept = (event: LogEvent) => side.enqueue('durable', () => deliverEvent(event));
    stops.push(side.hub.join(topic.logKeys, { accept, restart: side.restart }));
  }
  if (topic.flow) stops.push(topic.flow((event) => side.enqueue('flow', () => deliverFlow(event))));
  if (latest) {
    const onChange = (key: string) => {
      for (const cadence of cadences.values()) schedule(cadence, key);
    };
    stops.push(latest.watch(onChange));
  }

  return {
    add(member) {
      const cadence = cadences.get(member.throttleMs) ?? { throttleMs: member.throttleMs, members: new Set(), slots: new Map() };
      cadences.set(member.throttleMs, cadence);
      cadence.members.add(member);
      for (const key of latest?.keys() ?? []) {
        const slot = slotOf(cadence, key);
        if (slot.isWaiting) continue; // it comes with the others
        slot.sentAt = performance.now();
        sendAgain(member, key);
      }
    },
    remove(member) {
      const cadence = cadences.get(member.throttleMs);
      if (!cadence?.members.delete(member) || cadence.members.size > 0) return;
      for (const { timer } of cadence.slots.values()) clearTimeout(timer);
      cadences.delete(member.throttleMs);
    },
    isEmpty: () => cadences.size === 0,
    close() {
      for (const stop of stops) stop();
    },
  };
}

function slotOf({ slots }: Cadence, key: string): Slot {
  const slot = slots.get(key) ?? { sentAt: Number.NEGATIVE_INFINITY, isWaiting: false };
  slots.set(key, slot);
  return slot;
}
