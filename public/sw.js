// Answers a page that cannot be had with our own words for it. It keeps those words and nothing else: no data, no page.
const CACHE = 'flightdeck-offline-7d12986a33f8';
const KEPT = ['/offline.html', '/offline.js'];

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(KEPT.map((path) => new Request(path, { cache: 'reload' }))))
      .then(() => skipWaiting()),
  );
});

addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await registration.navigationPreload?.enable();
      await clients.claim();
    })(),
  );
});

addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (KEPT.includes(pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
  // A download that fails is told by the browser, in its list of downloads.
  else if (mode === 'navigate' && !pathname.startsWith('/api/')) event.respondWith(pageOrWords(event));
});

async function pageOrWords(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (!isOfAProxy(answer)) return answer;
  } catch {
    // No answer at all: the same words.
  }
  return (await caches.match('/offline.html')) ?? Response.error();
}

/** A proxy in front of a Flightdeck that is not there; whatever is ours carries a policy of its own. */
function isOfAProxy({ status, headers }) {
  return [502, 503, 504].includes(status) && !headers.has('content-security-policy');
}
