import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** Every model that has issued forecasts of the running venue. */
export const ModelsDocument = graphql(`
  query Models {
    models(first: 200) { edges { node { id name kind version sha256 trainedFrom trainedThrough featureSchema } } }
  }
`);
export type ModelFields = ResultOf<typeof ModelsDocument>['models']['edges'][number]['node'];

/** What the forecasts of a model came to; of the model that is shown first where none is named. */
export const ModelRecordDocument = graphql(`
  query ModelRecord($modelId: ID, $symbol: ID, $window: TrackRecordWindow!) {
    trackRecord(modelId: $modelId, symbol: $symbol, window: $window) {
      model { id name kind version }
      from
      to
      disclaimer
      horizons {
        horizon n onTime late missing void waiting calls brier
        hitRate { value lower upper }
        maeRatio { value lower upper }
        skill { value lower upper n days verdict statement }
        coverage { level share lower upper }
      }
    }
  }
`);
export type HorizonRecord = ResultOf<typeof ModelRecordDocument>['trackRecord']['horizons'][number];

/** Trainings with their losses, the newest first. */
export const RunsDocument = graphql(`
  query Runs($first: Int!) {
    runs(first: $first) {
      edges {
        node {
          id name state seed dataHash codeVersion startedAt endedAt failure
          parameters { name value }
          figures { name value }
          epochs { epoch figures { name value } }
          artifacts { name sha256 sizeBytes }
          model { id name version }
        }
      }
    }
  }
`);
export type RunFields = ResultOf<typeof RunsDocument>['runs']['edges'][number]['node'];

/** What the forecasters do and when they do it next. */
export const JobsDocument = graphql(`
  query Jobs { jobs { id kind key state cadence nextAt attempts lastStartedAt lastEndedAt lastFailure } }
`);
export type JobFields = ResultOf<typeof JobsDocument>['jobs'][number];

/** Which model was shown at which horizon, the newest change first. */
export const ChampionHistoryDocument = graphql(`
  query ChampionHistory($first: Int!) {
    championHistory(first: $first) {
      edges { node { id at horizon champion former reason decidedBy figures { name value } model { id name kind version trainedThrough } } }
    }
  }
`);
export type ChampionChange = ResultOf<typeof ChampionHistoryDocument>['championHistory']['edges'][number]['node'];

/** The head of the running venue's ledger of forecasts. */
export const LedgerHeadDocument = graphql(`
  query LedgerHead { ledgerHead { venue seq hash at } }
`);
