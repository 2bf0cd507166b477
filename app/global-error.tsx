'use client';

/** The document itself failed; nothing of the product's own can be relied on here. */
export default function DocumentFailed({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body
        style={{
          fontFamily: 'system-ui, sans-serif',
          maxWidth: '36rem',
          margin: '15vh auto',
          padding: '0 1rem',
        }}
      >
        <title>Flightdeck could not be shown</title>
        <h1>Flightdeck could not be shown</h1>
        <p>Nothing was changed. The server’s log says why{error.digest ? `, under ${error.digest}` : ''}.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
