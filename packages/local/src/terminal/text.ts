import type { LocalEvent, TrainingProgress } from '../local-event.ts';
import { SOURCE_LABELS } from '../prepare-source.ts';
import type { LocalSystem } from '../start-local.ts';

/** Returns a duration in seconds with one decimal, right-aligned. */
export function durationText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(8);
}

/** Returns a message of ours as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) || text.includes('\n') ? text : `${text}.`;
}

/** Returns what there is to say of an app that ended or came back. */
export function appText(event: Extract<LocalEvent, { type: 'app-ended' | 'app-restarted' }>): string {
  if (event.type === 'app-restarted') return `${event.app} runs again (process ${event.pid})`;
  const how = event.signal ?? (event.code === null ? 'killed' : `code ${event.code}`);
  return `${event.app} ended (${how}), starting it again in ${event.restartMs} ms`;
}

/** Returns one line about the training of the first model. */
export function trainingText({ phase, epoch, epochs, model }: TrainingProgress): string {
  if (model) return `Forecasts come from ${model.name} ${model.version}`;
  if (phase === 'waiting') return 'The first model waits for history';
  return epochs === 0 ? 'Training the first model' : `Training the first model, epoch ${epoch} of ${epochs}`;
}

/** Returns the addresses as [label, value] rows. */
export function addressRows(system: LocalSystem): [label: string, value: string][] {
  return [
    ['Web', readable(system.urls.web)],
    ['GraphQL', readable(system.urls.graphql)],
    ['Source', SOURCE_LABELS[system.source]],
    ['Data', system.dataDir],
    ['Logs', system.logsDir],
  ];
}

/** Names this machine as people do. */
function readable(url: string): string {
  return url.replace('//127.0.0.1', '//localhost').replace('//[::1]', '//localhost');
}
