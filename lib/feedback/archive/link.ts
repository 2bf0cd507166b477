import { isIP } from 'node:net';
import { isLoopback } from '@/lib/env';
import { isPublicAddress } from './public-address';

/** Where pictures of an account may come from besides the public internet. */
export interface LinkRules {
  /** Apple's base address of the account, as it is configured. */
  readonly baseUrl: string;
}

/** Why a link is not followed, in words; null when it may be, as far as it can be told without looking its name up. */
export function linkProblem(link: string, rules: LinkRules): string | null {
  if (!URL.canParse(link)) return 'Apple gave no address that can be read.';
  const url = new URL(link);
  const isOwn = isOwnHost(url.hostname, rules);
  if (url.protocol === 'http:' ? !(isOwn && isLoopbackBase(rules)) : url.protocol !== 'https:')
    return `The address begins with ${url.protocol}//, which is not safe; only https:// is fetched.`;
  if (url.username !== '' || url.password !== '') return 'The address holds a name or password.';
  const host = bare(url.hostname);
  if (isIP(host) > 0 && !isOwn && !isPublicAddress(host)) return PRIVATE;
  return null;
}

export const PRIVATE = 'The address leads into a private network, so it is not fetched.';

/** Whether a host is the one that stands for Apple here: then it may be in a private network. */
export function isOwnHost(hostname: string, { baseUrl }: LinkRules): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const own = new URL(baseUrl).hostname;
  return hostname === own || (isLoopback(own) && isLoopback(hostname));
}

function isLoopbackBase({ baseUrl }: LinkRules): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'http:' && isLoopback(hostname);
}

/** A host without the brackets of IPv6. */
export const bare = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1');
