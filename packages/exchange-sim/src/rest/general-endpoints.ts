import type { EpochMs } from '@candlecast/domain';
import { toPlaces8 } from '../market/fixed-point.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { statusOf } from '../venue/venue.ts';
import { type Endpoint, symbolsOf } from './endpoint.ts';
import { timeText } from './json-text.ts';
import { refusals } from './rest-error.ts';
import { WEIGHT_PER_MINUTE } from './weight-limit.ts';

export const ping: Endpoint = { path: 'ping', parameters: [], weight: () => 1, answer: () => '{}' };

export const time: Endpoint = {
  path: 'time',
  parameters: [],
  weight: () => 1,
  answer: ({ serverTime, unit }) => `{"serverTime":${timeText(serverTime, unit)}}`,
};

export const exchangeInfo: Endpoint = {
  path: 'exchangeInfo',
  parameters: ['symbol', 'symbols', 'permissions', 'showPermissionSets', 'symbolStatus'],
  weight: () => 20,
  answer: (request) => {
    const { query, now, serverTime, unit } = request;
    const wantedStatus = query.status();
    const permissions = query.permissions();
    const hasSymbols = query.text('symbol') !== undefined || query.text('symbols') !== undefined;
    if (hasSymbols && (wantedStatus !== undefined || permissions !== undefined)) throw refusals.combination();
    const showsPermissions = query.text('showPermissionSets') !== 'false';
    const symbols = symbolsOf(request)
      .symbols.filter(() => permissions === undefined || permissions.includes('SPOT'))
      .filter((symbol) => wantedStatus === undefined || statusOf(symbol, now) === wantedStatus)
      .map((symbol) => describeSymbol(symbol, now, showsPermissions));
    return JSON.stringify({
      timezone: 'UTC',
      serverTime: unit === 'MICROSECOND' ? serverTime * 1_000 : serverTime,
      rateLimits: [
        { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: WEIGHT_PER_MINUTE },
        { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
        { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000 },
        { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300_000 },
      ],
      exchangeFilters: [],
      symbols,
    });
  },
};

function describeSymbol(symbol: SymbolMarket, now: EpochMs, showsPermissions: boolean): object {
  const { listing } = symbol;
  const tickSize = toPlaces8(1, listing.tickDecimals);
  const stepSize = toPlaces8(1, listing.stepDecimals);
  return {
    symbol: listing.symbol,
    status: statusOf(symbol, now),
    baseAsset: listing.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: listing.quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: toPlaces8(100_000_000, listing.tickDecimals), tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: toPlaces8(900_000_000, listing.stepDecimals), stepSize },
      { filterType: 'ICEBERG_PARTS', limit: 10 },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: toPlaces8(9_000_000, listing.stepDecimals), stepSize: '0.00000000' },
      {
        filterType: 'TRAILING_DELTA',
        minTrailingAboveDelta: 10,
        maxTrailingAboveDelta: 2_000,
        minTrailingBelowDelta: 10,
        maxTrailingBelowDelta: 2_000,
      },
      {
        filterType: 'PERCENT_PRICE_BY_SIDE',
        bidMultiplierUp: '5',
        bidMultiplierDown: '0.2',
        askMultiplierUp: '5',
        askMultiplierDown: '0.2',
        avgPriceMins: 5,
      },
      {
        filterType: 'NOTIONAL',
        minNotional: '5.00000000',
        applyMinToMarket: true,
        maxNotional: '9000000.00000000',
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
      { filterType: 'MAX_NUM_ORDER_LISTS', maxNumOrderLists: 20 },
      { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
      { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: 10 },
    ],
    permissions: [],
    permissionSets: showsPermissions ? [['SPOT']] : [],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT'],
  };
}
