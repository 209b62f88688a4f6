import type { HistoryProgress, LocalEvent, TrainingProgress } from '../local-event.ts';
import type { Reporter } from './reporter.ts';
import { addressRows, appText, durationText, sentence, trainingText } from './text.ts';

/** Returns a reporter that prints one line for each thing, through `print`: for files, pipes and service managers. */
export function createPlainReporter(print: (line: string) => void): Reporter {
  let lastTenth = -1;
  let lastPhase = '';

  function printHistory({ rowsDone, rowsWanted }: HistoryProgress): void {
    const tenth = rowsWanted === 0 ? 0 : Math.floor((10 * rowsDone) / rowsWanted);
    if (tenth > lastTenth) print(`History ${tenth * 10} % (${rowsDone} of ${rowsWanted} candles)`);
    lastTenth = Math.max(tenth, lastTenth);
  }

  function printTraining(progress: TrainingProgress): void {
    if (progress.phase !== lastPhase) print(sentence(trainingText(progress)));
    lastPhase = progress.phase;
  }

  function onEvent(event: LocalEvent): void {
    if (event.type === 'step-finished') print(`${event.step.padEnd(20)}${durationText(event.durationMs)}  ${event.detail}`);
    else if (event.type === 'note') print(sentence(event.text));
    else if (event.type === 'history') printHistory(event.progress);
    else if (event.type === 'training') printTraining(event.progress);
    else if (event.type === 'app-ended' || event.type === 'app-restarted') print(sentence(appText(event)));
  }

  return {
    onEvent,
    running(system) {
      print('Candlecast is running.');
      for (const [label, value] of addressRows(system)) print(`  ${label.padEnd(10)}${value}`);
      print('Stop it with Ctrl-C or SIGTERM.');
    },
    stopping: () => print('Stopping.'),
    stopped: (name) => print(`${name} stopped.`),
    problem: (message) => print(sentence(message)),
    end: () => undefined,
  };
}
