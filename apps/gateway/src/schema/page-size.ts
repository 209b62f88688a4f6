import { AppError } from '@candlecast/domain';

/** The most rows on one page. */
export const MAX_PAGE_ROWS = 5_000;

/** Returns how many rows are asked for: `RANGE_TOO_LARGE` above 5,000, `BAD_USER_INPUT` below zero. Never cuts silently. */
export function toPageSize(name: string, count: number): number {
  if (count > MAX_PAGE_ROWS) throw new AppError('RANGE_TOO_LARGE', `${name} is ${count}, at most ${MAX_PAGE_ROWS} rows a page are allowed`);
  if (count < 0) throw new AppError('BAD_USER_INPUT', `${name} is ${count}, it must not be negative`);
  return count;
}
