/** A page as it is photographed. */
export interface ShownPage {
  /** Of its files. */
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** Has all that is drawn: the page is photographed when it is there. */
  readonly waitsFor: string;
  /** Photographed as far as it is on the screen; else down to its end. */
  readonly isScreenful?: boolean;
}

/** What stands in for the numbers of this start. */
export interface Ids {
  readonly forecast: string;
  readonly model: string;
  /** A moment of the past, ISO 8601. */
  readonly past: string;
}

const DRAWN = '[data-testid="jump-to-live"], [data-testid="overview-window"]';

/** Returns every page of the web app, in the order of its menu. */
export function listPages({ forecast, model, past }: Ids): ShownPage[] {
  const workspace = { waitsFor: DRAWN, isScreenful: true };
  const content = '[data-testid="page"]';
  return [
    {
      ...{ name: 'workspace', title: 'Workspace', ...workspace },
      path: '/?v=1&layout=4&panes=BTCUSDT@5m,ETHUSDT@15m,SOLUSDT@5m,XRPUSDT@1h&active=1&ind=ema20.bb20-2,rsi14,,',
    },
    {
      ...{ name: 'workspace-nine', title: 'Workspace, nine charts', ...workspace },
      path: `/?v=1&layout=9&panes=${['1m', '5m', '15m'].flatMap((interval) => ['BTC', 'ETH', 'SOL'].map((base) => `${base}USDT@${interval}`)).join(',')}`,
    },
    { name: 'instrument', title: 'One instrument', path: '/i/BTCUSDT', waitsFor: content },
    { name: 'markets', title: 'Markets', path: '/markets', waitsFor: content },
    { name: 'forecasts', title: 'Forecasts', path: '/forecasts?symbol=BTCUSDT', waitsFor: content },
    { name: 'forecast', title: 'One forecast', path: `/forecasts/${encodeURIComponent(forecast)}`, waitsFor: content },
    { name: 'models', title: 'Models', path: '/models', waitsFor: content },
    { name: 'model', title: 'One model', path: `/models/${encodeURIComponent(model)}`, waitsFor: content },
    { name: 'replay-choice', title: 'Replay: the choice of a moment', path: '/replay', waitsFor: content },
    { name: 'replay', title: 'Replay', path: `/replay?at=${past}&speed=60&v=1&layout=2h&panes=BTCUSDT@1m,ETHUSDT@1m`, ...workspace },
    { name: 'developers', title: 'Developers', path: '/developers', waitsFor: content },
    { name: 'status', title: 'Status', path: '/status', waitsFor: content },
    { name: 'about', title: 'About', path: '/about', waitsFor: content },
  ];
}
