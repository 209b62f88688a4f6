export { type ExchangeSim, type ExchangeSimOptions, startExchangeSim } from './exchange-sim.ts';
export type { Fault, FaultRecord, FrameHarm, RestFaultAnswer } from './faults/fault.ts';
export { parseFault } from './faults/parse-fault.ts';
export type { Plant } from './market/plant.ts';
export type { SimSource } from './open-source.ts';
export type { TradeTruth } from './truth.ts';
export type { KlineInterval } from './venue/kline-interval.ts';
