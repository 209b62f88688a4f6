import { forecasts, pages, type UiSection, web } from '../ui-line.ts';

/** The section “Watchlist, book, tape”. */
export const WATCHLIST_LINES: UiSection = {
  title: 'Watchlist, book, tape',
  lines: [
    {
      id: 'watchlist.rows',
      text: 'Watchlist: symbol, last (flash on change, throttled), 24 h %, 24 h sparkline, volume, next-hour direction with a skill dot. Arrow keys switch the active pane. Sortable market table: trades, base volume, quote volume, high, low per day.',
      claims: [
        {
          says: 'last price, flashing and throttled',
          tests: web('workspace/market-feed.test.ts', 'the market feed > keeps the newest price of each pair, a frame at a time'),
        },
        { says: 'next-hour direction with a skill dot, arrow keys', tests: forecasts('moves through the watchlist with arrows') },
        {
          says: 'sortable market table: trades, volumes, high and low per day',
          tests: pages(
            'sorts the table of markets, and its address says how',
            'with JavaScript off > /markets shows the last 24 hours, and a day’s exact totals',
          ),
        },
      ],
    },
    {
      id: 'watchlist.book',
      text: 'Top of book with spread in basis points; trades tape with side, size filter, pause on hover.',
      claims: [
        {
          says: 'top of book with spread in basis points; trades tape',
          tests: forecasts('prints trades with their side, by size, and stands still while it is pointed at'),
        },
      ],
    },
  ],
};
