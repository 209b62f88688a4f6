import type { FragmentOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

const bookFragment = graphql(`
  fragment BookFields on TopOfBook { symbol bidPrice bidSize askPrice askSize midPrice spread receivedAt }
`);

const tradeFragment = graphql(`
  fragment TradeFields on Trade { id symbol time price size takerSide leftOut }
`);

/** Best bid and ask. */
export type BookFields = FragmentOf<typeof bookFragment>;
export type TradeFields = FragmentOf<typeof tradeFragment>;

/** The newest trades before a moment, oldest first; before now when that is null. */
export const RecentTradesDocument = graphql(
  `
    query RecentTrades($symbol: ID!, $to: DateTime, $last: Int!) {
      trades(symbol: $symbol, to: $to, last: $last) { edges { node { ...TradeFields } } }
    }
  `,
  [tradeFragment],
);

/** The present value comes first, then every change. */
export const TopOfBookDocument = graphql(
  `
    subscription TopOfBook($symbol: ID!, $throttleMs: Int) {
      topOfBook(symbols: [$symbol], throttleMs: $throttleMs) { ...BookFields }
    }
  `,
  [bookFragment],
);

export const TradesDocument = graphql(
  `
    subscription Trades($symbol: ID!) { trades(symbols: [$symbol]) { ...TradeFields } }
  `,
  [tradeFragment],
);
