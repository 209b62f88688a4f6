import { graphql } from '../graphql.ts';

/** One pair by its symbol; null when it is not tracked. */
export const InstrumentDocument = graphql(`
  query PanePair($symbol: ID!) {
    instrument(symbol: $symbol) { id symbol venue isSimulated baseAsset quoteAsset tickSize state stateReason }
  }
`);
