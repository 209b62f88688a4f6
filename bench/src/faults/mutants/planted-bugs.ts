/** A bug that is built into ingest to see whether the harness finds it. */
export interface PlantedBug {
  readonly name: string;
  /** Exact pieces of the sources and what takes their place; building fails when one is not found. */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  /** The faults under which it shows soonest. */
  readonly shots: readonly string[];
  /** A series never goes on after it. */
  readonly isForGood?: boolean;
  /** What the harness must then say. */
  readonly finding: RegExp;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a dropped close',
    edits: [
      {
        file: 'apps/ingest/src/series/tail.ts',
        find: 'if (!hole) break;',
        // Once it has begun it goes on with what there is: the missing minute is never asked for.
        replace:
          'if (!hole) { const later = [...this.#held.keys()].sort((a, b) => a - b)[0]; if (later === undefined || this.#taken.size < 8) break; this.#next = later; continue; }',
      },
      {
        file: 'apps/ingest/src/series/tail.ts',
        find: 'return !taken || !(',
        // Nor does the second read bring it.
        replace: 'return taken !== undefined && !(',
      },
    ],
    shots: ['closing frames left out', 'links cut on the way'],
    isForGood: true,
    finding: /^missing: /,
  },
  {
    name: 'no deduplication',
    edits: [
      {
        file: 'apps/ingest/src/series/tail.ts',
        find: "if (taken && !hasMoreTrades(candle, taken) && !bringsIds(candle, taken)) return 'duplicate';",
        replace: '',
      },
      {
        file: 'packages/store/src/sql/candle-rows.ts',
        find: 'revision = stored.revision + case when',
        replace: 'revision = stored.revision + 1 + 0 * case when',
      },
      {
        file: 'packages/store/src/sql/candle-rows.ts',
        find: '>= coalesce(stored.trade_count, -1) and (',
        replace: '>= coalesce(stored.trade_count, -1) and (true or ',
      },
    ],
    shots: ['old frames again', 'frames twice'],
    finding: /^corrected although the exchange restated nothing: /,
  },
  {
    name: 'an open candle stored as closed',
    edits: [
      {
        file: 'apps/ingest/src/fleet.ts',
        find: 'if (isClosed) tracked.series?.takeClosed(candle);',
        replace: 'if (isClosed || candle.tradeCount !== 0) tracked.series?.takeClosed(candle);',
      },
    ],
    shots: ['links cut on the way'],
    finding: /^(published although the exchange has closed no such candle|published with other values|corrected although)/,
  },
  {
    name: 'a late row ignored',
    edits: [
      {
        file: 'apps/ingest/src/series/tail.ts',
        find: "if (taken && !hasMoreTrades(candle, taken) && !bringsIds(candle, taken)) return 'duplicate';",
        replace: "return 'duplicate';",
      },
      {
        file: 'apps/ingest/src/series/tail.ts',
        find: 'const changed = again.filter((candle) => {',
        replace: 'const changed = again.filter((candle) => {\n      return false;',
      },
    ],
    shots: ['answer: stale answer'],
    finding: /^different: /,
  },
  {
    name: 'an acknowledgement before the commit',
    edits: [
      {
        file: 'packages/store/src/sql/session.ts',
        find: "await client.query('commit').catch(fail);",
        replace: "void client.query('commit').catch(() => undefined);",
      },
    ],
    shots: ['answer to COMMIT lost'],
    isForGood: true,
    finding: /^missing: /,
  },
];
