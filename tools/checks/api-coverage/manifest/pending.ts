import type { PendingMap } from '../cover.ts';

const PATHS = 'hindcasts';

/** Lines of the contract that are not built yet. None may stay when the API is released. */
export const PENDING: PendingMap = {
  'Query.hindcasts*': PATHS,
  'R.hindcast': PATHS,
};
