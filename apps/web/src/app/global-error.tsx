'use client';

import { useEffect } from 'react';

/** Stands in for everything when not even the frame of the page could be shown. Plain, for its style sheets may be what is missing. */
export default function GlobalError({ error }: { readonly error: Error & { readonly digest?: string } }) {
  useEffect(() => console.error(error), [error]);
  return (
    <html lang="en">
      <body
        style={{
          background: '#090c11',
          color: '#dfe5ee',
          font: '16px/1.5 system-ui, sans-serif',
          padding: '20vh 2rem',
          textAlign: 'center',
        }}
      >
        <h1>This page broke</h1>
        <p role="alert">Something went wrong in the page itself. The market data is not affected.</p>
        <p>
          <a href="/" style={{ color: 'inherit' }}>
            Open it again
          </a>{' '}
          {error.digest}
        </p>
      </body>
    </html>
  );
}
