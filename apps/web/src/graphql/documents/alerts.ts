import type { FragmentOf, VariablesOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

const alertFragment = graphql(`
  fragment AlertFields on Alert {
    id symbol kind state note once createdAt expiresAt firedCount lastFiredAt
    rule {
      __typename
      ... on PriceLevelRule { direction level }
      ... on PriceMoveRule { direction percent windowMinutes }
      ... on AverageCrossRule { direction average interval fast slow }
      ... on RsiLevelRule { direction interval period rsi: level }
      ... on ForecastFlipRule { direction horizon pUp: level }
      ... on StaleDataRule { interval intervals feed }
    }
  }
`);

const firingFragment = graphql(`
  fragment FiringFields on AlertFiring { id alertId at crossed value level reason }
`);

export type AlertFields = FragmentOf<typeof alertFragment>;
export type FiringFields = FragmentOf<typeof firingFragment>;

/** The visitor's own alerts, and what they have fired lately. */
export const AlertsDocument = graphql(
  `
    query Alerts {
      alerts { ...AlertFields }
      alertFirings(first: 50) { edges { node { ...FiringFields } } }
    }
  `,
  [alertFragment, firingFragment],
);

export const CreateAlertDocument = graphql(
  `
    mutation CreateAlert($input: CreateAlertInput!) { createAlert(input: $input) { ...AlertFields } }
  `,
  [alertFragment],
);

export const DeleteAlertDocument = graphql(`
  mutation DeleteAlert($id: ID!) { deleteAlert(id: $id) { id } }
`);

/** The visitor's firings as they happen. */
export const AlertFiredDocument = graphql(
  `
    subscription AlertFired($after: Cursor) {
      alertFired(after: $after) {
        __typename
        ... on AlertFiringEvent { symbol kind note firing { ...FiringFields } cursor }
        ... on StreamHeartbeat { cursor }
        ... on StreamReset { code }
      }
    }
  `,
  [firingFragment],
);

/** An alert as it is asked for. */
export type CreateAlertInput = VariablesOf<typeof CreateAlertDocument>['input'];
