import { authorise } from '@/lib/access/policy';
import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import { resolveAccount } from '@/lib/mirror/query';
import { isRecord } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { linkReport } from '../links/link-report';
import { noteHealth } from '../resources/health';
import { inReviewBeside, readBuild } from './facts';
import {
  type GroupFacts,
  type InformationRow,
  type ReadinessFacts,
  type ReadinessLine,
  type ReviewFacts,
  readinessOf,
} from './readiness';

/** So many public links are looked into: each costs a request or two. */
const MOST_LINKS = 5;
const CONTACT = [
  ['contactFirstName', 'first name'],
  ['contactLastName', 'last name'],
  ['contactPhone', 'phone'],
  ['contactEmail', 'e-mail'],
] as const;
const isFilled = (value: unknown) => typeof value === 'string' && value.trim() !== '';

/**
 * What a build needs on its way to external testers, read again from App Store Connect: what our copy says may be old.
 * @throws RefusedError 404 when there is no such build, AscError when App Store Connect cannot be asked of it
 */
export async function readReadiness(
  ctx: Ctx,
  { id, accountId: named }: { readonly id: string; readonly accountId?: string | undefined },
): Promise<readonly ReadinessLine[]> {
  authorise(ctx.actor, 'apple:read');
  const place = await placeOfBuild(ctx, id, named);
  const build = await readBuild(ctx, place, id);
  if (!build) throw notFound('The build is no longer there at App Store Connect.');
  const { accountId, appId } = place;
  const asc = await ctx.ascFor(accountId);
  const or = <T>(asked: Promise<T>) => unlessRefused(ctx, accountId, asked);
  const [information, review, licence, inReview, groups] = await Promise.all([
    or(informationOf(asc, appId)),
    or(reviewOf(asc, appId)),
    or(licenceOf(asc, appId)),
    or(inReviewBeside(asc, appId, build)),
    groupsOfBuild(ctx, place, id),
  ]);
  const facts: ReadinessFacts = {
    build,
    primaryLocale: place.primaryLocale,
    information: information ?? null,
    review: review ?? null,
    hasLicence: licence ?? null,
    inReview,
    groups,
  };
  return readinessOf(facts);
}

interface BuildPlace {
  readonly accountId: string;
  readonly appId: string;
  readonly primaryLocale: string | null;
}

async function placeOfBuild(ctx: Ctx, id: string, named: string | undefined): Promise<BuildPlace> {
  const accountId = (await resolveAccount(ctx.db, 'builds', id, { accountId: named }))?.accountId;
  const [row] =
    accountId === undefined
      ? []
      : await ctx.db.read(
          ctx.db.build
            .selectFrom('builds as b')
            .leftJoin('apps as a', (join) =>
              join.onRef('a.accountId', '=', 'b.accountId').onRef('a.id', '=', 'b.appId'),
            )
            .select(['b.appId', 'a.primaryLocale'])
            .where('b.accountId', '=', accountId)
            .where('b.id', '=', id),
        );
  if (accountId === undefined || !row) throw notFound('There is no such build, or not any more.');
  return { accountId, ...row };
}

/** One line that cannot be asked takes none of the others along. */
async function unlessRefused<T>(ctx: Ctx, accountId: string, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!isAscError(error)) throw error;
    await noteHealth(ctx, accountId, error);
    return undefined;
  }
}

async function informationOf(asc: AscClient, appId: string): Promise<InformationRow[]> {
  const { document } = await asc.list('betaAppLocalizations', {
    filter: { app: appId },
    limit: { page: 200 },
  });
  return document.data.map(({ attributes = {} }) => ({
    locale: attributes.locale ?? '',
    hasDescription: isFilled(attributes.description),
    hasFeedbackEmail: isFilled(attributes.feedbackEmail),
  }));
}

/** Of the password nobody is told more than whether there is one. */
async function reviewOf(asc: AscClient, appId: string): Promise<ReviewFacts> {
  const { document } = await asc.getRelated('apps', appId, 'betaAppReviewDetail');
  const own = document.data?.attributes ?? {};
  return {
    missingContact: CONTACT.filter(([name]) => !isFilled(own[name])).map(([, words]) => words),
    isDemoRequired: own.demoAccountRequired === true,
    isDemoComplete: isFilled(own.demoAccountName) && hasPassword(document.data),
  };
}

function hasPassword(contact: unknown): boolean {
  const { isSet } = (isRecord(contact) && isRecord(contact.meta) ? contact.meta : {}) as { isSet?: unknown };
  return Array.isArray(isSet) && isSet.includes('demoAccountPassword');
}

async function licenceOf(asc: AscClient, appId: string): Promise<boolean> {
  const { document } = await asc.getRelated('apps', appId, 'betaLicenseAgreement');
  return isFilled(document.data?.attributes?.agreementText);
}

async function groupsOfBuild(ctx: Ctx, { accountId }: BuildPlace, buildId: string): Promise<GroupFacts[]> {
  const rows = await ctx.db.read(
    ctx.db.build
      .selectFrom('buildGroups as b')
      .innerJoin('betaGroups as g', (join) =>
        join.onRef('g.accountId', '=', 'b.accountId').onRef('g.id', '=', 'b.groupId'),
      )
      .select(['g.id', 'g.name', 'g.isInternalGroup', 'g.publicLinkEnabled'])
      .where('b.accountId', '=', accountId)
      .where('b.buildId', '=', buildId),
  );
  const linked = rows.filter(({ publicLinkEnabled }) => publicLinkEnabled === 1).slice(0, MOST_LINKS);
  return Promise.all(
    rows.map(async ({ id, name, isInternalGroup }) => ({
      ...{ id, name: name ?? 'Unnamed', isInternal: isInternalGroup === 1 },
      blocked: linked.some((group) => group.id === id) ? await blockedBy(ctx, accountId, id) : [],
    })),
  );
}

async function blockedBy(ctx: Ctx, accountId: string, groupId: string): Promise<readonly string[]> {
  const { findings } = await linkReport(ctx, groupId, { days: '1', accountId });
  // That review comes first is told by the other lines.
  return findings
    .filter(({ severity, action }) => severity === 'blocked' && action !== 'submitForReview')
    .map(({ title }) => `${title}.`);
}
