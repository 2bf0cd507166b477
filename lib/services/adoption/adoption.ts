import { maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import type { OnDevice } from '@/lib/mirror/devices';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { type BuildRef, refOf } from './build-ref';
import { type Course, courseOf } from './course';
import { type KnownBuild, type Person, peopleOf, type Reach, reachOf } from './facts';
import { buildsBehind, type Newest, newestFor, STANDINGS, type Standing, standsOf } from './standing';

/** What Apple says is on devices: a number and a platform, with the builds it may be. */
export interface Installed {
  readonly number: string | null;
  readonly platform: string | null;
  /** None is known, one, or several that share the number. */
  readonly builds: readonly BuildRef[];
  readonly devices: number;
  readonly testers: number;
}

/** The newest build that some testers can have, and how they stand to it. */
export interface Target {
  readonly build: BuildRef;
  readonly counts: Readonly<Record<Standing, number>>;
}

/** Who is on which build of an app. */
export interface Adoption {
  readonly testers: number;
  readonly devices: number;
  /** Newest builds first, what cannot be told last. */
  readonly installed: readonly Installed[];
  readonly targets: readonly Target[];
  /** Our readings of the days before. */
  readonly course: Course;
}

interface Asked {
  readonly appId: string;
  readonly accountId?: string | undefined;
}

/** Who is on which build, as the devices of an app's testers say. @throws RefusedError 404 */
export async function appAdoption(ctx: Ctx, { appId, accountId }: Asked): Promise<Adoption> {
  authorise(ctx.actor, 'testers:read');
  const app = await appOf(ctx, appId, accountId);
  const reach = await reachOf(ctx, app);
  const people = await peopleOf(ctx, app);
  return { ...adoptionOf(reach, people), course: await courseOf(ctx, app, reach) };
}

/** Counts devices by what is on them, and people by how they stand to the newest build they can have. */
export function adoptionOf(reach: Reach, people: readonly Person[]): Omit<Adoption, 'course'> {
  const installed = new Map<string, { device: OnDevice; devices: number; testers: Set<string> }>();
  const targets = new Map<string, { build: KnownBuild; counts: Record<Standing, number> }>();
  for (const [person, stands] of standing(reach, people)) {
    for (const device of person.devices) {
      const key = `${device.platform} ${device.number}`;
      const entry = installed.get(key) ?? { device, devices: 0, testers: new Set() };
      entry.devices += 1;
      entry.testers.add(person.id);
      installed.set(key, entry);
    }
    for (const { build, standing: how } of stands) {
      const entry = targets.get(build.id) ?? { build, counts: none() };
      entry.counts[how] += 1;
      targets.set(build.id, entry);
    }
  }
  const rows = [...installed.values()].map(({ device, devices, testers }) => {
    const builds = buildsBehind(reach.builds, device);
    return { newest: builds[0]?.uploadedAt ?? -1, device, devices, testers: testers.size, builds };
  });
  return {
    testers: people.length,
    devices: rows.reduce((sum, { devices }) => sum + devices, 0),
    installed: rows
      .sort((one, other) => other.newest - one.newest || other.devices - one.devices)
      .map(({ device: { number, platform }, builds, devices, testers }) => ({
        ...{ number, platform, devices, testers },
        builds: builds.map(refOf),
      })),
    targets: [...targets.values()]
      .sort((one, other) => other.build.uploadedAt - one.build.uploadedAt)
      .map(({ build, counts }) => ({ build: refOf(build), counts })),
  };
}

function* standing(reach: Reach, people: readonly Person[]) {
  // Most people are in the same few groups.
  const known = new Map<string, Newest>();
  for (const person of people) {
    const key = `${person.groupIds.join(' ')}/${person.buildIds.join(' ')}`;
    const newest = known.get(key) ?? newestFor(reach, person);
    known.set(key, newest);
    yield [person, standsOf(reach, newest, person)] as const;
  }
}

const none = (): Record<Standing, number> => ({ current: 0, behind: 0, accepted: 0, invited: 0, unclear: 0 });

/** Somebody who is not on the newest build they can have, or of whom that cannot be told. */
export interface Straggler {
  readonly id: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly standing: Standing;
  /** What is on the devices of the build's platform. */
  readonly devices: readonly (OnDevice & { readonly builds: readonly BuildRef[] })[];
}

export interface Stragglers {
  readonly data: readonly Straggler[];
  readonly meta: { readonly total: number };
}

const MOST = 1_000;

/**
 * The people who stand in one of some ways to a build that is the newest they can have, by name, page by page.
 * @throws RefusedError 404 unknown app, 400 when a parameter is wrong
 */
export async function listStragglers(
  ctx: Ctx,
  asked: Asked & { parameters: URLSearchParams },
): Promise<Stragglers> {
  authorise(ctx.actor, 'testers:read');
  const app = await appOf(ctx, asked.appId, asked.accountId);
  const { buildId, wanted, offset, limit } = pageOf(asked.parameters);
  const reach = await reachOf(ctx, app);
  const found: { person: Person; how: Standing; platform: string | null }[] = [];
  for (const [person, stands] of standing(reach, await peopleOf(ctx, app)))
    for (const { build, standing: how } of stands)
      if (build.id === buildId && wanted.includes(how)) found.push({ person, how, platform: build.platform });
  const data = found.slice(offset, offset + limit).map(
    ({ person: { id, firstName, lastName, email, devices }, how, platform }): Straggler => ({
      ...{ id, firstName, lastName, email, standing: how },
      devices: devices
        .filter((device) => device.platform === platform)
        .map((device) => ({ ...device, builds: buildsBehind(reach.builds, device).map(refOf) })),
    }),
  );
  const page = { data, meta: { total: found.length } };
  return may(ctx.actor, 'testers:identify') ? page : maskEmails(page);
}

function pageOf(parameters: URLSearchParams) {
  const buildId = parameters.get('build') ?? '';
  if (buildId === '') throw badParameter('build', 'Name a build.');
  const words = (parameters.get('standing') ?? 'behind,accepted,invited').split(',');
  const wanted = STANDINGS.filter((one) => words.includes(one));
  if (wanted.length !== new Set(words).size)
    throw badParameter('standing', `The standing is of ${STANDINGS.join(', ')}.`);
  return {
    ...{ buildId, wanted },
    offset: whole(parameters, 'offset', { least: 0, most: 1_000_000, usual: 0 }),
    limit: whole(parameters, 'limit', { least: 1, most: MOST, usual: 50 }),
  };
}

function whole(
  parameters: URLSearchParams,
  name: string,
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
): number {
  const given = parameters.get(name);
  if (given === null) return usual;
  const value = /^\d{1,7}$/.test(given) ? Number(given) : -1;
  if (value < least || value > most)
    throw badParameter(name, `It is a whole number from ${least} to ${most}.`);
  return value;
}
