// What tests of alerts ask.
const ALERT = `id symbol kind note once cooldownMs expiresAt state createdAt firedCount lastFiredAt rule { __typename
  ... on PriceLevelRule { level direction rearm } ... on PriceMoveRule { percent windowMinutes direction rearm }
  ... on AverageCrossRule { average fast slow interval direction rearm } ... on RsiLevelRule { threshold: level period interval direction rearm }
  ... on ForecastFlipRule { horizon pUp: level direction rearm } ... on StaleDataRule { of: interval intervals feed } }`;
export const CREATE = `mutation ($input: CreateAlertInput!) { createAlert(input: $input) { ${ALERT} } }`;
export const DELETE = 'mutation ($id: ID!) { deleteAlert(id: $id) { id symbol } }';
export const ALERTS = `{ alerts { ${ALERT} } }`;
export const FIRINGS = `query ($alertId: ID, $first: Int, $after: String, $last: Int, $before: String) {
  alertFirings(alertId: $alertId, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id alertId at crossed value level reason } } pageInfo { hasNextPage endCursor } } }`;
export const FIRED = `subscription ($after: Cursor) { alertFired(after: $after) { __typename
  ... on AlertFiringEvent { symbol kind note cursor firing { id alertId at crossed value level reason } }
  ... on StreamHeartbeat { at cursor } ... on StreamReset { code message } } }`;
