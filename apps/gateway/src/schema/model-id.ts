import { AppError } from '@candlecast/domain';

/** Returns the id of a model as the store has it, undefined when none is given; `BAD_USER_INPUT` for any other text. */
export function toModelId(text: string | null | undefined): number | undefined {
  if (text == null) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AppError('BAD_USER_INPUT', `"${text.slice(0, 60)}" is not the id of a model`);
  return Number.parseInt(text, 10);
}
