import styles from './page-frame.module.css';

/** Where the data and the charts come from, and what they are not. */
export function SiteFooter() {
  return (
    <footer className={styles.footer}>
      <p>
        Prices, forecasts and signals are data, <strong>not financial advice</strong>. Past results promise nothing.
      </p>
      <p>
        Market data follow Binance's public interfaces. Charts by{' '}
        <a href="https://www.tradingview.com/" rel="noopener noreferrer">
          TradingView
        </a>{' '}
        Lightweight Charts™. All times are UTC.
      </p>
    </footer>
  );
}
