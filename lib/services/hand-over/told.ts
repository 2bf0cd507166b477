import { buildWords } from '@/lib/format/builds';
import { formatDuration } from '@/lib/format/durations';
import { kindWord, localeWord, numberWord, stateWords, whyEnded } from '@/lib/format/feedback';
import { label } from '@/lib/format/labels';
import { formatBytes, formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import { namesOfApps } from '@/lib/mirror/query';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { readCrash, type ShownReport } from '../feedback/crash';
import { issuePage } from '../feedback/issue-page';
import { reportPage } from '../feedback/report';

/** One report or issue in words, for whatever leaves Flightdeck: a text to copy, a tracker, a page that is shared. */
export interface Told {
  readonly kind: 'report' | 'issue';
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  /** What is triaged; null of a report that is being taken in. */
  readonly issueId: string | null;
  readonly appName: string;
  /** Of its crash issue: '#128'; null where it has none. */
  readonly number: string | null;
  readonly title: string;
  readonly comment: string | null;
  readonly locale: string | null;
  readonly facts: readonly Fact[];
  readonly tester: { readonly name: string; readonly email: string | null } | null;
  readonly crash: ToldCrash | null;
  /** Why there is no crash to be told of, where one is awaited. */
  readonly crashTrouble: string | null;
  /** Of pictures that are here: their places. */
  readonly pictures: readonly number[];
  /** What was drawn on copies of them: whoever holds a link is not told by whom. */
  readonly drawings: readonly { readonly id: string; readonly position: number }[];
  /** Its page here. */
  readonly url: string;
}

export type Fact = readonly [name: string, value: string];

export interface ToldCrash {
  readonly why: readonly Fact[];
  /** 'Thread 4', or 'The stack'. */
  readonly thread: string;
  readonly frames: readonly string[];
  /** Of the app's own code. */
  readonly own: readonly string[];
}

/** What people ask for: one report, or one issue. */
export interface Which {
  readonly kind: 'report' | 'issue';
  readonly id: string;
  readonly accountId?: string | undefined;
}

/** Tells of a report or an issue what its page shows who asks. @throws RefusedError 404 */
export function tell(ctx: Ctx, which: Which): Promise<Told> {
  return which.kind === 'report' ? tellReport(ctx, which) : tellIssue(ctx, which.id);
}

interface Meta {
  readonly accountId?: string;
  readonly appId?: string;
  readonly accountName?: string | null;
  readonly issue?:
    | (Parameters<typeof stateWords>[0] & {
        readonly id: string;
        readonly kind: string;
        readonly title: string;
        readonly number: number | null;
      })
    | null;
  readonly build?: {
    readonly version: string | null;
    readonly trainVersion: string | null;
    readonly platform: string | null;
  } | null;
  readonly tester?: Parameters<typeof personName>[0] | null;
}

async function tellReport(ctx: Ctx, { id, accountId }: Omit<Which, 'kind'>): Promise<Told> {
  const page = await reportPage(ctx, { id, accountId });
  const { report, facts } = page;
  const meta = (report.meta ?? {}) as Meta;
  const account = meta.accountId ?? '';
  const appName = await appNameOf(ctx, meta);
  const isCrash = report.attributes?.type === 'betaFeedbackCrashSubmissions';
  const read = isCrash ? await readCrash(ctx, { id, accountId: account }) : null;
  const comment = page.comment?.trim() || null;
  const query = meta.accountName ? `?account=${encodeURIComponent(account)}` : '';
  return {
    ...{ kind: 'report', id, accountId: account, appId: meta.appId ?? '', issueId: meta.issue?.id ?? null },
    appName: appName ?? 'App',
    number: numberWord(meta.issue?.number),
    title: titleOf(report, meta, comment),
    comment,
    locale: facts.locale,
    facts: given([
      ['Kind', kindWord(String(report.attributes?.type ?? ''))],
      ['Crash issue', numberWord(meta.issue?.number)],
      ['App', appName],
      ['Build', meta.build ? buildWords(meta.build) : null],
      ['Received', instant(report.attributes?.createdDate)],
      ['State', meta.issue ? stateWords(meta.issue) : null],
      ['Device', facts.deviceName],
      ['System', facts.osVersion && `${facts.platform ? `${label(facts.platform)} ` : ''}${facts.osVersion}`],
      ['Language', facts.locale && localeWord(facts.locale)],
      ['Time zone', facts.timeZone],
      ['Connection', facts.connection && label(facts.connection)],
      ['Battery', facts.battery === null ? null : `${facts.battery}%`],
      ['Storage', facts.diskAvailable === null ? null : `${formatBytes(facts.diskAvailable)} free`],
      ['App was open for', facts.uptimeMs === null ? null : formatDuration(facts.uptimeMs)],
      ['Paired watch', facts.pairedAppleWatch],
      ['Architecture', facts.architecture],
    ]),
    tester: meta.tester ? { name: personName(meta.tester), email: meta.tester.email ?? null } : null,
    crash: read?.report ? crashOf(read.report) : null,
    crashTrouble: read && !read.report ? (read.log.trouble ?? 'The crash log is not here yet.') : null,
    pictures: page.pictures.filter(({ state }) => state === 'stored').map(({ position }) => position),
    drawings: page.drawings.map(({ id: drawing, position }) => ({ id: drawing, position })),
    url: `${ctx.env.NEXTAUTH_URL}/feedback/${encodeURIComponent(id)}${query}`,
  };
}

async function tellIssue(ctx: Ctx, issueId: string): Promise<Told> {
  const { issue, figures, example } = await issuePage(ctx, issueId);
  const meta = (issue.meta ?? {}) as Meta;
  const appName = await appNameOf(ctx, figures);
  const most = (shares: readonly { readonly value: string | null; readonly count: number }[]) =>
    shares
      .slice(0, 5)
      .map(({ value, count }) => `${value ?? 'not known'} (${count})`)
      .join(', ');
  const builds = figures.builds.slice(0, 5).map((build) => `${buildWords(build)}: ${build.count}`);
  return {
    ...{ kind: 'issue', id: figures.id, accountId: figures.accountId, appId: figures.appId },
    ...{ issueId: figures.id, appName: appName ?? 'App', title: oneLine(figures.title) },
    ...{
      comment: null,
      locale: null,
      tester: null,
      pictures: [],
      drawings: [],
      number: numberWord(figures.number),
    },
    facts: given([
      ['Kind', 'Crash issue'],
      ['Number', numberWord(figures.number)],
      ['App', appName],
      ['State', meta.issue ? stateWords(meta.issue) : null],
      [
        'Seen',
        `${formatPlural(figures.reportCount, 'report')} by ${formatPlural(figures.testerCount, 'tester')}`,
      ],
      ['First', instant(figures.firstDate)],
      ['Last', instant(figures.lastDate)],
      ['Builds', builds.join(', ')],
      ['Devices', most(figures.devices)],
      ['Systems', most(figures.osVersions)],
    ]),
    crash: example ? crashOf(example.report) : null,
    crashTrouble: example ? null : 'No crash log of it is here yet.',
    url: `${ctx.env.NEXTAUTH_URL}/issues/${encodeURIComponent(figures.id)}`,
  };
}

async function appNameOf(
  ctx: Ctx,
  { appId, accountId }: Pick<Meta, 'appId' | 'accountId'>,
): Promise<string | null> {
  if (!appId) return null;
  return (await namesOfApps(ctx.db, [appId]))(appId, accountId)?.name ?? null;
}

/** A title is one line of at most so many characters. */
const TITLE = 160;

function titleOf(report: ResourceObject, { issue }: Meta, comment: string | null): string {
  if (comment !== null) return oneLine(comment);
  if (issue?.kind === 'crash') return oneLine(issue.title);
  const frame = report.attributes?.topFrame;
  if (typeof frame === 'string') return oneLine(frame);
  return `${kindWord(String(report.attributes?.type ?? ''))} without a comment`;
}

/** Words as one line without what cannot be seen, not too long. */
export function oneLine(text: string, most = TITLE): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}

/** Marks of direction, which make a text look like another. */
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A text without characters that only change how others look; its lines stay. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : ''))
    .replace(DIRECTIONS, '');
}

/** `2026-03-01 10:00 UTC`: whoever reads it elsewhere has another clock. */
function instant(date: unknown): string | null {
  const ms = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(ms) ? null : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const given = (facts: readonly (readonly [string, string | null | undefined])[]): Fact[] =>
  facts.flatMap(([name, value]) => (value ? [[name, oneLine(value, 400)] as const] : []));

function crashOf(report: ShownReport): ToldCrash {
  const { stack, crashedThread } = report;
  const frames = stack.map((frame) => frameWords(frame));
  return {
    why: given(whyEnded(report)),
    thread: crashedThread === null ? 'The stack' : `Thread ${crashedThread}`,
    frames,
    own: frames.filter((_, at) => stack[at]?.isInApp),
  };
}

function frameWords(frame: ShownReport['stack'][number]): string {
  const where = frame.file ? `  ${frame.file}${frame.line === null ? '' : `:${frame.line}`}` : '';
  const name = frame.name ?? frame.address ?? '–';
  return oneLine(`${frame.index} ${frame.binary ?? '–'} ${name}${where}`, 400);
}
