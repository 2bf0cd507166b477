import { expect, test, vi } from 'vitest';
import { keysHere } from '@/components/ui/keys-here';

const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15';
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36';

test.each([
  [MAC, '⌘ K', '⌘ K'],
  [IPAD, '⌘K', '⌘K'],
  [LINUX, '⌘ K', 'Ctrl K'],
  [LINUX, '⌘1', 'Ctrl 1'],
  [WINDOWS, '⌘', 'Ctrl'],
  [WINDOWS, 'esc', 'esc'],
])('keys are those of the keyboard at hand: %s, %s', (userAgent, keys, shown) => {
  vi.stubGlobal('navigator', { userAgent });
  expect(keysHere(keys)).toBe(shown);
});
