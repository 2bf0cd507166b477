'use client';

import { useEffect } from 'react';

/** Keeps our own page for an unreachable server ready in the browser, once this page has everything it needs. */
export function OfflinePage() {
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return;
    // Without it the browser says in its own words that there is no answer: nothing to tell anybody.
    const register = () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
    if (document.readyState === 'complete') return register();
    addEventListener('load', register, { once: true });
    return () => removeEventListener('load', register);
  }, []);
  return null;
}
