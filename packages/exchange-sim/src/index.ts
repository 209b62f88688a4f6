export { type ExchangeSim, type ExchangeSimOptions, type SimSource, startExchangeSim } from './exchange-sim.ts';
export type { Fault, FaultRecord, RestFaultAnswer } from './faults.ts';
export type { KlineInterval } from './venue/kline-interval.ts';
