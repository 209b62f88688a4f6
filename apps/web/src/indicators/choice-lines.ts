import { formatChoice, type IndicatorChoice, nameOfChoice } from './indicator-choice.ts';

/** How a legend shows an indicator: the ids of its lines whose values it writes, in order, and the number of its colour where that is fixed. */
export interface ChoiceLines {
  readonly ids: readonly string[];
  readonly label: string;
  readonly colour: number | undefined;
}

/** Returns what a legend shows of an indicator; the ids are those of its run. */
export function formChoiceLines(choice: IndicatorChoice): ChoiceLines {
  const key = formatChoice(choice);
  const label = nameOfChoice(choice);
  if (choice.kind === 'bb') return { ids: [`${key}:upper`, `${key}:middle`, `${key}:lower`], label, colour: undefined };
  if (choice.kind === 'macd') return { ids: [key, `${key}:signal`, `${key}:difference`], label, colour: 0 };
  return { ids: [key], label, colour: undefined };
}
