import { clearLine, cursorTo } from 'node:readline';
import { styleText } from 'node:util';
import cliProgress from 'cli-progress';
import type { HistoryProgress, LocalEvent, TrainingProgress } from '../local-event.ts';
import type { Reporter } from './reporter.ts';
import { addressRows, appText, durationText, sentence, trainingText } from './text.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Returns a reporter for a terminal: finished things stay, one line below them moves. */
export function createLiveReporter(stream: NodeJS.WriteStream): Reporter {
  const paint = (style: 'green' | 'yellow' | 'red' | 'dim' | 'bold' | 'cyan', text: string) =>
    stream.hasColors() ? styleText(style, text) : text;
  /** What the moving line says: the step that runs, else what goes on in the background. */
  let foreground: (() => string) | undefined;
  let background: (() => string) | undefined;
  let frame = 0;
  let bar: cliProgress.SingleBar | undefined;
  stream.write(`\n  ${paint('bold', 'Candlecast')}\n\n`);
  const timer = setInterval(draw, FRAME_MS);
  timer.unref();

  function draw(): void {
    const text = (foreground ?? background)?.();
    if (text === undefined || bar) return;
    frame = (frame + 1) % FRAMES.length;
    clear();
    stream.write(`  ${paint('cyan', FRAMES[frame] ?? '')} ${text}`);
  }

  function clear(): void {
    clearLine(stream, 0);
    cursorTo(stream, 0);
  }

  /** Prints a line above the moving one. A bar makes room; the next progress draws it again. */
  function print(line: string): void {
    bar?.stop();
    bar = undefined;
    clear();
    stream.write(`${line}\n`);
    draw();
  }

  function printMarked(style: 'green' | 'yellow' | 'red', mark: string, text: string): void {
    print(`  ${paint(style, mark)} ${text}`);
  }

  function showHistory(progress: HistoryProgress): void {
    if (progress.rowsWanted === 0) return;
    if (!bar) {
      clear();
      bar = new cliProgress.SingleBar(
        {
          stream,
          format: `  ${paint('cyan', '{bar}')} {percentage} %  {live} of {instruments} live  ${paint('dim', '{eta_formatted} left')}`,
          barsize: 32,
          hideCursor: true,
          clearOnComplete: true,
          etaBuffer: 40,
        },
        cliProgress.Presets.shades_classic,
      );
      bar.start(progress.rowsWanted, progress.rowsDone, { live: progress.liveInstruments, instruments: progress.instruments });
    }
    bar.setTotal(progress.rowsWanted);
    bar.update(progress.rowsDone, { live: progress.liveInstruments, instruments: progress.instruments });
  }

  function showTraining(progress: TrainingProgress): void {
    background = progress.model ? undefined : () => trainingText(progress);
    if (progress.model) printMarked('green', '✓', trainingText(progress));
    else draw();
  }

  function showStep(step: string): void {
    const startedAt = performance.now();
    foreground = () => `${step.padEnd(20)}${paint('dim', durationText(performance.now() - startedAt))}`;
    draw();
  }

  function onEvent(event: LocalEvent): void {
    switch (event.type) {
      case 'step-started':
        showStep(event.step);
        break;
      case 'step-finished':
        foreground = undefined;
        printMarked('green', '✓', `${event.step.padEnd(20)}${durationText(event.durationMs)}  ${paint('dim', event.detail)}`);
        break;
      case 'history':
        showHistory(event.progress);
        break;
      case 'training':
        showTraining(event.progress);
        break;
      case 'note':
        printMarked('yellow', '!', sentence(event.text));
        break;
      case 'app-ended':
        printMarked('yellow', '!', sentence(appText(event)));
        break;
      case 'app-restarted':
        printMarked('green', '✓', sentence(appText(event)));
    }
  }

  return {
    onEvent,
    running(system) {
      print('');
      print(`  ${paint('bold', 'Candlecast is running')}`);
      print('');
      for (const [label, value] of addressRows(system)) {
        print(`    ${paint('dim', label.padEnd(10))}${value.startsWith('http') ? paint('cyan', value) : value}`);
      }
      print('');
      print(`  ${paint('dim', 'Ctrl-C stops everything; the data stay.')}`);
      print('');
    },
    stopping() {
      foreground = () => 'Stopping';
      print('');
    },
    stopped: (name) => print(`    ${paint('dim', `${name} stopped`)}`),
    problem(message) {
      foreground = undefined;
      printMarked('red', '✗', `${sentence(message)}\n`);
    },
    end() {
      foreground = undefined;
      background = undefined;
      bar?.stop();
      clear();
      clearInterval(timer);
    },
  };
}
