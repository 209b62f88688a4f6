import { DATABASE_SHOTS } from './database-shots.ts';
import { DISK_SHOTS } from './disk-shots.ts';
import { FRAME_SHOTS } from './frame-shots.ts';
import { PROCESS_SHOTS } from './process-shots.ts';
import { REQUEST_SHOTS } from './request-shots.ts';
import type { ShotKind } from './shot.ts';
import { STREAM_SHOTS } from './stream-shots.ts';
import { TIME_SHOTS } from './time-shots.ts';

/** Everything that can be made to go wrong. */
export const SHOTS: readonly ShotKind[] = [
  ...PROCESS_SHOTS,
  ...DATABASE_SHOTS,
  ...STREAM_SHOTS,
  ...FRAME_SHOTS,
  ...REQUEST_SHOTS,
  ...TIME_SHOTS,
  ...DISK_SHOTS,
];
