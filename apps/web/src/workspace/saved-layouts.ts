import { AppError, err, ok, type Result } from '@candlecast/domain';
import { parseWorkspaceUrl, type WorkspaceWish } from './parse-workspace-url.ts';
import { toParts, type Workspace } from './workspace-url.ts';

/** A workspace under a name, as the parts of its address: what an address may hold, a file may. */
export interface SavedLayout {
  readonly name: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** The most layouts that are kept, and the longest name. */
export const MOST_LAYOUTS = 50;
export const LONGEST_NAME = 60;

const FORMAT = 'candlecast-layouts';
const VERSION = 1;
const MOST_CHARACTERS = 200_000;
const LONGEST_PART = 2_000;

/** Returns the layouts with one more, which takes the place of one of the same name. */
export function withLayoutSaved(layouts: readonly SavedLayout[], name: string, workspace: Workspace): Result<readonly SavedLayout[]> {
  const plain = name.trim();
  if (plain === '' || plain.length > LONGEST_NAME) {
    return err(
      new AppError('BAD_USER_INPUT', `the name "${plain.slice(0, LONGEST_NAME)}" has ${plain.length} characters, not 1 to ${LONGEST_NAME}`),
    );
  }
  const others = layouts.filter((layout) => layout.name !== plain);
  if (others.length >= MOST_LAYOUTS)
    return err(new AppError('BAD_USER_INPUT', `there are ${others.length} layouts, at most ${MOST_LAYOUTS} are kept`));
  return ok([...others, { name: plain, parts: decode(toParts(workspace)) }]);
}

/** Returns what a saved layout asks for. */
export function toWish({ parts }: SavedLayout): WorkspaceWish {
  return parseWorkspaceUrl((name) => (Object.hasOwn(parts, name) ? parts[name] : undefined));
}

/** Returns layouts as the text of a file, which `parseLayouts` reads. */
export function formatLayouts(layouts: readonly SavedLayout[]): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, layouts }, undefined, 2)}\n`;
}

/** Reads a file of layouts; the error names what is wrong with it, and where. */
export function parseLayouts(text: string): Result<readonly SavedLayout[]> {
  if (text.length > MOST_CHARACTERS) return fault(`the file has ${text.length} characters, at most ${MOST_CHARACTERS} are read`);
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    return fault(`the file is no JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (!isRecord(file) || file.format !== FORMAT) return fault(`the file is not of the format "${FORMAT}"`);
  if (file.version !== VERSION) return fault(`the file has version ${JSON.stringify(file.version)}, not ${VERSION}`);
  const { layouts } = file;
  if (!Array.isArray(layouts) || layouts.length > MOST_LAYOUTS) return fault(`"layouts" is not a list of at most ${MOST_LAYOUTS}`);
  for (const [index, layout] of layouts.entries()) {
    if (!isLayout(layout)) return fault(`layout ${index + 1} is not a name (1 to ${LONGEST_NAME} characters) with texts as its parts`);
    if (layouts.findIndex((other: SavedLayout) => other.name === layout.name) !== index)
      return fault(`the name "${layout.name}" stands there twice`);
  }
  return ok(layouts);
}

function isLayout(value: unknown): value is SavedLayout {
  if (!isRecord(value) || typeof value.name !== 'string' || !isRecord(value.parts)) return false;
  const isNamed = value.name.trim() !== '' && value.name.length <= LONGEST_NAME;
  return isNamed && Object.values(value.parts).every((part) => typeof part === 'string' && part.length <= LONGEST_PART);
}

/** Parts are written for an address; here they stand as they are read. */
function decode(parts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, decodeURIComponent(part)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(message: string): Result<never> {
  return err(new AppError('BAD_USER_INPUT', message));
}
