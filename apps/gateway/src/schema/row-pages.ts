import { AppError, type Result } from '@candlecast/domain';
import { toPageSize } from './page-size.ts';

/** Rows of a page when the client does not say. */
export const DEFAULT_PAGE_ROWS = 100;

/** Relay's arguments. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A page as asked for: from one end of the list, behind a cursor on either side. */
export interface PageRequest {
  readonly take: 'oldest' | 'newest';
  readonly limit: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/**
 * Reads Relay's arguments: `first` takes from the list's beginning, `last` from its end, neither 100 rows from the end `otherwise` says.
 * `BAD_USER_INPUT` for both, `RANGE_TOO_LARGE` above 5,000 rows.
 */
export function toPageRequest(args: PageArgs, otherwise: PageRequest['take']): PageRequest {
  const { first, last } = args;
  if (first != null && last != null) throw new AppError('BAD_USER_INPUT', 'give first or last, not both: a page has one direction');
  const take = first != null ? 'oldest' : last != null ? 'newest' : otherwise;
  const limit = toPageSize(take === 'oldest' ? 'first' : 'last', first ?? last ?? DEFAULT_PAGE_ROWS);
  return { take, limit, after: args.after ?? undefined, before: args.before ?? undefined };
}

/** Returns what a page costs, in rows; fields below it say what they cost beside that. */
export function pageCost({ first, last }: PageArgs): { field: number; multiplier: number } {
  return { field: first ?? last ?? DEFAULT_PAGE_ROWS, multiplier: 1 };
}

/** Returns a Relay connection of rows that were read with a limit of one more than the page's. */
export function toConnection<T>(found: readonly T[], { take, limit, after, before }: PageRequest, cursorOf: (row: T) => string) {
  const hasMore = found.length > limit;
  const rows = take === 'oldest' ? found.slice(0, limit) : found.slice(hasMore ? found.length - limit : 0);
  const edges = rows.map((node) => ({ node, cursor: cursorOf(node) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: take === 'oldest' ? hasMore : before !== undefined,
      hasPreviousPage: take === 'newest' ? hasMore : after !== undefined,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
  };
}

/** Returns what a cursor means; throws its `CURSOR_INVALID`. */
export function readCursor<T>(cursor: string | undefined, parse: (text: string) => Result<T>): T | undefined {
  if (cursor === undefined) return undefined;
  const parsed = parse(cursor);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}
