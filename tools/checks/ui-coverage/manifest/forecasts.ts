import { forecasts, pages, replayed, type UiSection, web } from '../ui-line.ts';

/** The section “Forecasts”. */
export const FORECASTS_LINES: UiSection = {
  title: 'Forecasts',
  lines: [
    {
      id: 'forecasts.fan',
      text: 'Fan from the issue price: median, 50 % and 90 % bands, a dashed "now" line; nominal and achieved coverage in the legend. Earlier forecasts as faint ghosts behind the realised price.',
      claims: [
        {
          says: 'median, 50 % and 90 % bands from the issue price, "now" line',
          tests: [
            ...web('market/forecast-fan.test.ts', 'toForecastFan > opens at the issue price and holds the median and both bands'),
            ...web('charts/fan-curve.test.ts', 'toFanCurve > begins at the issue price and passes every horizon exactly'),
          ],
        },
        {
          says: 'ghosts of earlier forecasts behind the price',
          tests: web(
            'forecasts/prediction-series.test.ts',
            'predictions beside what came > leave ghosts from the issue price to the median, only so many',
          ),
        },
        {
          says: 'nominal and achieved coverage in the legend',
          tests: [
            ...forecasts('says in the legend of a chart what the bands have held'),
            ...web(
              'forecasts/fan-coverage.test.ts',
              'what the bands of a fan have held > is of its own horizons and models, each counted as often as it was resolved',
            ),
          ],
        },
      ],
    },
    {
      id: 'forecasts.cards',
      text: 'Six prediction cards per instrument (30m 1h 2h 4h 6h 12h): arrow and word UP or DOWN or NO CALL, probability, issued at, target time, countdown, and beside it the honest record: n, hit rate with its interval, skill against naive, band coverage. Below n = 30 it says "too few". Never colour alone.',
      claims: [
        {
          says: 'six cards with the honest record; "too few" below 30',
          tests: [
            ...forecasts('shows six cards with their record, and what came of the last three hours'),
            ...web(
              'forecasts/record-text.test.ts',
              'a record as people read it > says "too few" below 30 and keeps every number to itself',
            ),
          ],
        },
      ],
    },
    {
      id: 'forecasts.grid',
      text: 'History grid: the last three hours every 15 minutes × six horizons, UP or DOWN or NO CALL, with what came true. Prediction chart with an actual-against-predicted table.',
      claims: [
        {
          says: 'three hours every 15 minutes × six horizons, with what came true',
          tests: [
            ...forecasts('shows six cards with their record, and what came of the last three hours'),
            ...web(
              'forecasts/history-grid.test.ts',
              'the history grid > has a row for every quarter of the last three hours, the newest first',
            ),
          ],
        },
        {
          says: 'prediction chart with an actual-against-predicted table',
          tests: forecasts('has a track record and a history without JavaScript, with a permalink and a CSV of the same forecasts'),
        },
      ],
    },
    {
      id: 'forecasts.history',
      text: 'Prediction history table: issued, target, probability, median, band, outcome, hit, in band, error against naive; filter, export, permalink.',
      claims: [
        {
          says: 'history table with filter, export, permalink',
          tests: [
            ...forecasts('has a track record and a history without JavaScript, with a permalink and a CSV of the same forecasts'),
            ...web('forecasts/history-filter.test.ts', 'the filter of the history > is read from the address, and written to it again'),
          ],
        },
      ],
    },
    {
      id: 'forecasts.record',
      text: 'Track record page: reliability diagram, coverage over time, skill over time; the naive line is always drawn.',
      claims: [
        {
          says: 'reliability diagram, coverage and skill over time, naive line drawn',
          tests: [
            ...forecasts('has a track record and a history without JavaScript, with a permalink and a CSV of the same forecasts'),
            ...web('forecasts/reliability.test.ts', 'a reliability diagram > compares what was said with how often it came, by tenths'),
          ],
        },
      ],
    },
    {
      id: 'forecasts.card',
      text: 'Model card: name, version, sha256, trained window, features, horizons, metrics against every baseline, last and next training, drift state, ledger link.',
      claims: [
        {
          says: 'name, version, sha256, trained window, features, horizons, last and next training, drift state, ledger',
          tests: pages(
            'with JavaScript off > a model card says what it is, what it was trained on, when next, and where the ledger stands',
          ),
        },
        {
          says: 'metrics against every baseline',
          tests: [
            ...pages('with JavaScript off > a model card says what it is, what it was trained on, when next, and where the ledger stands'),
            ...web('models/record-text.test.ts', 'a record in words > says that %i forecasts are too few'),
          ],
        },
      ],
    },
    {
      id: 'forecasts.advice',
      text: '"Not financial advice" stands where signals stand.',
      claims: [
        {
          says: '"not financial advice" stands where signals stand',
          tests: [
            ...replayed('shows the recorded candles, goes live, and draws a forecast'),
            ...pages('with JavaScript off > %s has its frame: heading, pages with the active one marked, source, footer, skip link'),
          ],
        },
      ],
    },
  ],
};
