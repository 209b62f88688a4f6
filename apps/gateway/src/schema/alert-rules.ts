import { type AlertRule, AppError } from '@candlecast/domain';
import type { AlertChoice, AlertField, AlertKind } from '../alerts/alert-kind.ts';
import { ALERT_KINDS } from '../alerts/alert-kinds.ts';
import { builder } from './builder.ts';

/** An enumeration of the schema whose words kinds of alerts name. */
type ChoiceRef = ReturnType<typeof toChoice>;

const choices = new Map<AlertChoice, ChoiceRef>();

export const AlertKindEnum = builder.enumType('AlertKind', {
  description: 'What alerts can look at.',
  values: Object.fromEntries(ALERT_KINDS.map(({ name, description }) => [name, { description }])),
});

/** What is asked of one kind, as it is given and as it is shown. */
const rules = ALERT_KINDS.map((kind) => {
  const title = toTitle(kind.name);
  const input = builder.inputType(`${title}Input`, {
    description: kind.description,
    fields: (t) =>
      mapFields(kind, ({ otherwise, description, ...field }) =>
        t.field({
          type: typeOf(field) as 'Int',
          description,
          required: otherwise === undefined,
          ...(otherwise === undefined || otherwise === null ? {} : { defaultValue: otherwise as never }),
        }),
      ),
  });
  const output = builder.objectRef<AlertRule>(`${title}Rule`).implement({
    description: kind.description,
    authScopes: { notify: true },
    fields: (t) =>
      mapFields(kind, ({ otherwise, description, ...field }, name) =>
        t.field({
          type: typeOf(field) as 'Int',
          description,
          nullable: otherwise === null,
          resolve: (rule) => rule[name] as number, // written by this kind's input
        }),
      ),
  });
  return { kind, input, output, title, argument: `${title.charAt(0).toLowerCase()}${title.slice(1)}` };
});

export const AlertRuleInput = builder.inputType('AlertRuleInput', {
  isOneOf: true,
  description: 'What an alert is to look at: one of these.',
  fields: (t) =>
    Object.fromEntries(
      rules.map(({ kind, input, argument }) => [argument, t.field({ type: input, description: kind.description })]),
    ) as never,
});

export const AlertRuleRef = builder.unionType('AlertRule', {
  description: 'What an alert looks at.',
  types: rules.map(({ output }) => output),
  resolveType: (rule) => `${toTitle((rule as unknown as { readonly kind: string }).kind)}Rule`,
});

/** Reads the one rule that was given, what was left out filled in. */
export function readRule(given: Readonly<Record<string, unknown>>): { readonly kind: AlertKind; readonly rule: AlertRule } {
  const found = rules.find(({ argument }) => given[argument] != null);
  if (!found)
    throw new AppError('BAD_USER_INPUT', `rule is empty, it must hold one of ${rules.map(({ argument }) => argument).join(', ')}`);
  const values = given[found.argument] as AlertRule;
  const rule = Object.entries<AlertField>(found.kind.fields).map(([name, { otherwise }]) => [name, values[name] ?? otherwise ?? null]);
  return { kind: found.kind, rule: Object.fromEntries(rule) };
}

function mapFields<T>(kind: AlertKind, make: (field: AlertField, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries<AlertField>(kind.fields).map(([name, field]) => [name, make(field, name)]));
}

function typeOf({ type }: Pick<AlertField, 'type'>) {
  if (typeof type === 'string') return type;
  const known = choices.get(type) ?? toChoice(type);
  choices.set(type, known);
  return known;
}

function toChoice({ name, description, values }: AlertChoice) {
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(Object.entries(values).map(([word, meaning]) => [word, { description: meaning }])),
  });
}

/** "PRICE_LEVEL" is "PriceLevel". */
function toTitle(name: string): string {
  return name
    .split('_')
    .map((word) => `${word.charAt(0)}${word.slice(1).toLowerCase()}`)
    .join('');
}
