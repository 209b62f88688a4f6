import { type InstrumentId, splitInstrumentId, toInstrumentId, VENUES, type Venue } from '@candlecast/domain';
import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { GatewayContext } from '../context.ts';
import { type Freshness, loadFreshness } from '../market/load-freshness.ts';
import { builder } from './builder.ts';
import { FreshnessRef } from './freshness.ts';
import { InstrumentRef } from './instrument.ts';

/** What the freshness of a page of instruments costs, in rows: one read for all of them. */
const COST = 100;

builder.prismaObjectField(InstrumentRef, 'freshness', (t) =>
  t.field({
    type: FreshnessRef,
    description: 'How fresh its data is, now.',
    select: { venue: true, symbol: true },
    complexity: COST,
    resolve: ({ venue, symbol }, _, context) => loaderOf(context).load(toInstrumentId(toVenue(venue), symbol)),
  }),
);

/** All instruments that an operation asks for are read together. */
const loaderOf = createContextCache((context: GatewayContext) => new DataLoader((ids: readonly InstrumentId[]) => loadAll(context, ids)));

async function loadAll(context: GatewayContext, ids: readonly InstrumentId[]): Promise<Freshness[]> {
  const venues = [...new Set(ids.map((id) => splitInstrumentId(id).venue))];
  const known = (await Promise.all(venues.map((venue) => context.instruments.findInstruments(venue)))).flat();
  const wanted = new Set(ids);
  const rows = await loadFreshness(
    context,
    known.filter(({ id }) => wanted.has(id)),
    undefined,
  );
  const byId = new Map(rows.map((row) => [row.instrument.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    if (!row) throw new RangeError(`instrument ${id} was there a moment ago`);
    return row;
  });
}

function toVenue(name: string): Venue {
  const venue = VENUES.find((known) => known === name);
  if (!venue) throw new RangeError(`the database names a venue "${name}"`);
  return venue;
}
