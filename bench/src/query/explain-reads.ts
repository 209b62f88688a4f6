import type { Database } from '@candlecast/store';

type Sessions = Database['sessions'];

/** What the server says of a statement that it has run. */
interface Explained {
  readonly 'QUERY PLAN': readonly { readonly 'Planning Time': number; readonly 'Execution Time': number }[];
}

/** Statements that are also explained, and how long the server took over them by its own clock. */
export interface ExplainedSessions {
  readonly sessions: Sessions;
  /** Returns the milliseconds of the statements since the last call: to execute them and to write their rows as text. */
  take(): number;
}

/**
 * Returns sessions whose every statement is run twice: once by the server's own clock, for the part of a read that is the database's, and once
 * for its rows. Planning is left out: prepared statements are planned once.
 */
export function explainEach(sessions: Sessions): ExplainedSessions {
  let total = 0;
  return {
    sessions: {
      ...sessions,
      async run<Row>(statement: { readonly name: string; readonly text: string }, values: readonly unknown[] = []): Promise<Row[]> {
        const text = `explain (analyze, timing off, serialize text, format json) ${statement.text}`;
        const [row] = await sessions.run<Explained>({ name: `explained-${statement.name}`, text }, values);
        total += row?.['QUERY PLAN'][0]?.['Execution Time'] ?? Number.NaN;
        return sessions.run<Row>(statement, values);
      },
    },
    take() {
      const taken = total;
      total = 0;
      return taken;
    },
  };
}
