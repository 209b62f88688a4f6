import { type Estimate, LEAST_DAYS, SKILL_VERDICTS, type Skill, type SkillVerdict } from '@candlecast/domain';
import { builder } from './builder.ts';

const SkillVerdictEnum = builder.enumType('SkillVerdict', {
  description:
    'What may be said of a skill. SKILL: the whole interval lies above 0. NO_SKILL: it covers 0, so chance explains it. WORSE: it lies below 0. ' +
    `TOO_FEW: fewer than ${LEAST_DAYS} days or 100 forecasts, from which nothing may be said.`,
  values: SKILL_VERDICTS,
});

export const EstimateRef = builder.objectRef<Estimate>('Estimate').implement({
  description: 'A ratio with its interval of 95 %, which allows for days that resemble their neighbours.',
  fields: (t) => ({
    value: t.exposeFloat('value', { description: 'The ratio.' }),
    lower: t.exposeFloat('lower', { nullable: true, description: 'Lower bound; null below ten days.' }),
    upper: t.exposeFloat('upper', { nullable: true, description: 'Upper bound; null below ten days.' }),
  }),
});

export const SkillRef = builder.objectRef<Skill>('Skill').implement({
  description:
    '1 − CRPS ÷ CRPS of the reference, a normal distribution around the last price that is as wide as an exponentially weighted mean of recent moves. ' +
    'Above 0 is better than the reference. Past skill promises nothing, and is not financial advice.',
  fields: (t) => ({
    value: t.exposeFloat('value', { description: 'The skill.' }),
    lower: t.exposeFloat('lower', { nullable: true, description: 'Lower bound of the interval of 95 %; null below ten days.' }),
    upper: t.exposeFloat('upper', { nullable: true, description: 'Upper bound; null below ten days.' }),
    n: t.exposeInt('n', { description: 'Forecasts compared. Late ones count as their reference.' }),
    days: t.exposeInt('days', { description: 'UTC days on which they were scored.' }),
    verdict: t.expose('verdict', { type: SkillVerdictEnum, description: 'What may be said of it.' }),
    statement: t.string({
      description: 'The same in one sentence.',
      resolve: ({ verdict, n, days }) => `${STATEMENTS[verdict]} (${n} forecasts, ${days} days).`,
    }),
  }),
});

const STATEMENTS: Readonly<Record<SkillVerdict, string>> = {
  SKILL: 'Better than the reference, beyond what chance explains',
  NO_SKILL: 'No skill: the interval covers 0',
  WORSE: 'Worse than the reference, beyond what chance explains',
  TOO_FEW: 'Too few forecasts or days to say anything',
};
