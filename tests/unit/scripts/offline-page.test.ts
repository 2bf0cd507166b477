import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OFFLINE_PAGE_POLICY } from '@/lib/http/core/security-headers';

const read = (name: string) => readFileSync(`public/${name}`, 'utf8');

describe('the page for an unreachable server', () => {
  it('is fetched anew by browsers whenever it changes', () => {
    // Browsers look into sw.js alone: when this fails, write the value received into its CACHE.
    const version = createHash('sha256')
      .update(read('offline.html'))
      .update(read('offline.js'))
      .digest('hex');
    expect(/flightdeck-offline-(\w+)/.exec(read('sw.js'))?.[1]).toBe(version.slice(0, 12));
  });

  it('keeps to its own policy and needs nothing that is not kept', () => {
    const page = read('offline.html');
    expect(page).not.toMatch(/<script(?! src="\/offline\.js">)|\son\w+=|<link|<img|url\(/);
    expect(OFFLINE_PAGE_POLICY).toContain("script-src 'self'");
    expect(OFFLINE_PAGE_POLICY).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
  });
});
