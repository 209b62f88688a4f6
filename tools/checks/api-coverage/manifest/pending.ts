import type { PendingMap } from '../cover.ts';

/** Lines of the contract that are not built yet. None may stay when the API is released. */
export const PENDING: PendingMap = {};
