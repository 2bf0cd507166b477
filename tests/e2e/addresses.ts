import { readdirSync } from 'node:fs';
import path from 'node:path';
import { sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';

/** Every page and route by its address, as Next finds them in the file system: a new one cannot be forgotten. */
const FILES = readdirSync('app', { recursive: true, encoding: 'utf8' });
const addressOf = (file: string) =>
  `/${path.dirname(file)}`.replace(/\/\([^)]+\)/g, '').replace(/\/\.$/, '') || '/';
export const PAGES = FILES.filter(
  (file) => path.basename(file) === 'page.tsx' && !file.includes('[...missing]'),
).map(addressOf);
export const ROUTES = FILES.filter((file) => path.basename(file) === 'route.ts').map(addressOf);
/** Addresses with ids that exist, so that what should be hidden would be there to be shown. */
export async function filledIn({ sandbox: { baseUrl } }: Running, addresses: readonly string[]) {
  const sandbox = sandboxAt(baseUrl);
  const [group] = await sandbox.list('betaGroups');
  const tester = (await sandbox.list('betaTesters')).find(({ appId }) => appId === group?.appId);
  const build = (await sandbox.list('builds')).find(({ appId }) => appId === group?.appId);
  const report = (await sandbox.list('betaFeedbackCrashSubmissions')).find(
    ({ appId }) => appId === group?.appId,
  );
  const ids: Record<string, string | undefined> = {
    reportId: report?.id,
    appId: group?.appId ?? undefined,
    groupId: group?.id,
    testerId: tester?.id,
    buildId: build?.id,
    type: 'betaGroups',
    id: group?.id,
    related: 'betaTesters',
    relationship: 'builds',
    name: 'betaTesterUsages',
    '...nextauth': 'session',
  };
  return addresses.map((one) => one.replace(/\[([^\]]+)\]/g, (_, name: string) => ids[name] ?? 'some-id'));
}
