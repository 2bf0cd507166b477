import type { Env } from '@/lib/env';
import { isLoopback } from '@/lib/env';

/** Where App Store Connect is to send events, and why it could not. */
export interface PublicAddress {
  /** Without a slash at the end. */
  readonly base: string;
  readonly problem: string | null;
}

/** The address of this installation that App Store Connect can reach: `WEBHOOK_URL`, else the one that people open. */
export function publicAddress({
  WEBHOOK_URL,
  NEXTAUTH_URL,
  ASC_BASE_URL,
}: Pick<Env, 'WEBHOOK_URL' | 'NEXTAUTH_URL' | 'ASC_BASE_URL'>): PublicAddress {
  const base = WEBHOOK_URL ?? NEXTAUTH_URL;
  const { hostname, protocol } = new URL(base);
  // A sandbox on this machine reaches this machine.
  if (isLoopback(new URL(ASC_BASE_URL).hostname)) return { base, problem: null };
  if (isLoopback(hostname))
    return {
      base,
      problem: `App Store Connect cannot reach ${hostname}. Set WEBHOOK_URL to an address of this installation that the internet can.`,
    };
  if (protocol !== 'https:')
    return {
      base,
      problem: `${base} is not encrypted. Set WEBHOOK_URL to an https address of this installation.`,
    };
  return { base, problem: null };
}

/** The address of one app's events. */
export function eventAddress(base: string, path: string): string {
  return `${base}/api/webhooks/app-store-connect/${path}`;
}
