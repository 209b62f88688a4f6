import { pointModel } from './point-model.ts';

/** The price stays where it is. */
export const persistence = pointModel({
  name: 'persistence',
  description: 'The last price',
  fit: () => ({ card: {}, locate: () => () => 0 }),
});
