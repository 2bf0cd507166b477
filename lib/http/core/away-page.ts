/** How soon the page asks again, s. */
const AGAIN_S = 5;

/** What the page may do: it shows words, and asks again by itself. */
export const AWAY_PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The answer to a request for a page while the store is away: it needs nothing that would have to be asked. */
export function awayPage(why: string): Response {
  return new Response(
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex, nofollow">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="refresh" content="${AGAIN_S}">
    <title>Flightdeck waits for its database</title>
    <style>
      body { margin: 15vh auto; max-width: 36rem; padding: 0 1rem; font: 0.9375rem/1.5 system-ui, sans-serif; }
      h1 { font-size: 1.25rem; line-height: 1.3; }
      button { min-height: 2.75rem; padding: 0 1.25rem; font: inherit; font-weight: 600; cursor: pointer; }
    </style>
  </head>
  <body>
    <main>
      <h1>Flightdeck waits for its database</h1>
      <p role="status">${why} This page is asked for again every few seconds and opens by itself. Jobs go on from where they are.</p>
      <form><button>Try again now</button></form>
    </main>
  </body>
</html>
`,
    {
      status: 503,
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Retry-After': String(AGAIN_S) },
    },
  );
}
