import { builder } from './builder.ts';

/** Which past a field is asked for. */
export const AsOfInputRef = builder.inputType('AsOfInput', {
  isOneOf: true,
  description:
    'A moment of the past. The answer is as if now were then. `eventTime`: what had happened by then, in the values known today. `knownAt`: what ' +
    'was known then: no later correction, nothing that came late. What was fetched as history (`reconstructed`) was never known live and counts ' +
    'by event time in both.',
  fields: (t) => ({
    eventTime: t.field({ type: 'DateTime', description: 'What had happened by then.' }),
    knownAt: t.field({ type: 'DateTime', description: 'What was known then.' }),
  }),
});
