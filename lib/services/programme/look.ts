import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import { attributesOf, type ResourceLike } from '@/lib/mirror/resource';
import { isSame } from '../resources/expectation';
import { groupValues } from './differences-groups';
import { groupOf, invocationOf, invocationsOf, textsIn } from './live';
import { filtersOf, LANGUAGE_FIELDS, type LiveGroup, REVIEW_FIELDS } from './programme';
import type { AppleStep } from './step';

type Values = Readonly<Record<string, unknown>>;

/** A thing as App Store Connect has it now. */
interface Now {
  readonly id: string;
  readonly values: Values;
}

/**
 * What to make of a step, by what is there now; `id` is of what it is about, `owner` of what that belongs to, and `before`
 * is what the step changes or takes away.
 */
export type Seen =
  | {
      readonly state: 'ready';
      readonly id: string | null;
      readonly owner: string | null;
      readonly before: Values;
    }
  | { readonly state: 'already'; readonly id: string | null }
  | { readonly state: 'stale' | 'gone' | 'without-group' | 'open' | 'taken' };

interface Place {
  readonly asc: AscClient;
  readonly appId: string;
  /** Groups that were there when the file was compared: none of them is the one that a step makes. */
  readonly known: ReadonlySet<string>;
}

/**
 * Looks at App Store Connect whether a step is still to be sent: before it is, and after an answer that was lost.
 * @throws AscError when App Store Connect cannot be asked
 */
export async function lookAt(place: Place, step: AppleStep): Promise<Seen> {
  const owner = await ownerOf(place, step);
  if (owner === undefined) return { state: 'without-group' };
  const now = await nowOf(place, step, owner);
  if (step.operation === 'create') {
    if (now === null)
      return (await isNameTaken(place, step))
        ? { state: 'taken' }
        : { state: 'ready', id: null, owner, before: {} };
    return isSo(now.values, step.attributes) ? { state: 'already', id: now.id } : { state: 'stale' };
  }
  if (now === null && step.operation === 'delete') return { state: 'already', id: null };
  if (now === null) return { state: step.id === null ? 'without-group' : 'gone' };
  if (step.operation === 'update' && isSo(now.values, step.attributes))
    return { state: 'already', id: now.id };
  if (!isSo(now.values, step.expect)) return { state: 'stale' };
  if (!isSo(now.values, step.needs)) return { state: 'open' };
  if (await isNameTaken(place, step)) return { state: 'taken' };
  const names = Object.keys(step.operation === 'update' ? step.attributes : step.expect);
  const before = Object.fromEntries(names.map((name) => [name, now.values[name] ?? null]));
  return { state: 'ready', id: now.id, owner, before };
}

const isSo = (values: Values, wanted: Values) =>
  Object.entries(wanted).every(([name, value]) => isSame(values[name], value));

/** What a step's thing belongs to; undefined where its group is not there, or is there twice. */
async function ownerOf(place: Place, { type, owner, group }: AppleStep): Promise<string | null | undefined> {
  if (type !== 'betaRecruitmentCriteria' || owner !== null || group === null) return owner;
  return (await groupCalled(place, group))?.id;
}

/** Whether another group has the name that a step gives one. */
async function isNameTaken(place: Place, { type, id, attributes }: AppleStep): Promise<boolean> {
  if (type !== 'betaGroups' || typeof attributes.name !== 'string') return false;
  return (await groupsCalled(place, attributes.name)).some((one) => one.id !== id);
}

async function nowOf(place: Place, step: AppleStep, owner: string | null): Promise<Now | null> {
  const { asc, appId } = place;
  const { type, id } = step;
  switch (type) {
    case 'betaGroups':
      return id === null ? groupCalled(place, step.group ?? '') : groupNow(asc, id);
    case 'betaRecruitmentCriteria':
      return criteriaOf(asc, owner ?? '');
    case 'betaAppLocalizations':
      return languageNow(asc, appId, step);
    case 'betaAppReviewDetails':
      return orNull(async () => textsNow((await asc.get(type, id ?? '')).document.data, REVIEW_FIELDS));
    case 'betaLicenseAgreements':
      return orNull(async () => textsNow((await asc.get(type, id ?? '')).document.data, ['agreementText']));
    case 'betaAppClipInvocations':
      if (id !== null) return invocationNow(asc, id);
      return (
        (await invocationsOf(asc, owner ?? ''))
          .map(valuesOf)
          .find(({ values }) => values.url === step.attributes.url) ?? null
      );
    case 'betaAppClipInvocationLocalizations':
      return titleNow(asc, owner ?? '', step);
  }
}

const textsNow = (found: ResourceLike, names: readonly string[]): Now => ({
  id: found.id,
  values: textsIn(found, names),
});

async function orNull<Found>(read: () => Promise<Found>): Promise<Found | null> {
  try {
    return await read();
  } catch (error) {
    if (isAscError(error) && error.is('not_found')) return null;
    throw error;
  }
}

const GROUP_QUERY = { include: ['betaRecruitmentCriteria' as const] };

/** With its criteria, which a link that is switched on needs. */
const valuesOfGroup = (group: LiveGroup): Now => ({
  id: group.id,
  values: { ...groupValues(group), deviceFamilyOsVersionFilters: group.criteria?.filters ?? [] },
});

async function groupNow(asc: AscClient, id: string): Promise<Now | null> {
  return orNull(async () => {
    const { document } = await asc.get('betaGroups', id, GROUP_QUERY);
    return valuesOfGroup(groupOf(document.data, document.included ?? []));
  });
}

/** The only group of a name that was made since; null where there is none. Of several, none is meant. */
async function groupCalled(place: Place, name: string): Promise<Now | null> {
  const [found, ...others] = (await groupsCalled(place, name)).filter(({ id }) => !place.known.has(id));
  return found && others.length === 0 ? found : null;
}

async function groupsCalled({ asc, appId }: Place, name: string): Promise<Now[]> {
  // A comma separates the values of a filter.
  const byName = name.includes(',') ? {} : { name };
  const found: Now[] = [];
  for await (const { document } of asc.pages('betaGroups', {
    filter: { app: appId, ...byName },
    ...GROUP_QUERY,
  }))
    for (const one of document.data) {
      const group = groupOf(one, document.included ?? []);
      if (group.name === name) found.push(valuesOfGroup(group));
    }
  return found;
}

async function criteriaOf(asc: AscClient, groupId: string): Promise<Now | null> {
  return orNull(async () => {
    const { document } = await asc.get('betaGroups', groupId, GROUP_QUERY);
    const { criteria } = groupOf(document.data, document.included ?? []);
    return (
      criteria && { id: criteria.id, values: { deviceFamilyOsVersionFilters: filtersOf(criteria.filters) } }
    );
  });
}

async function languageNow(
  asc: AscClient,
  appId: string,
  { id, attributes }: AppleStep,
): Promise<Now | null> {
  const languageOf = (found: ResourceLike): Now => ({
    id: found.id,
    values: { locale: attributesOf(found).locale, ...textsIn(found, LANGUAGE_FIELDS) },
  });
  if (id !== null)
    return orNull(async () => languageOf((await asc.get('betaAppLocalizations', id)).document.data));
  const locale = String(attributes.locale);
  const { document } = await asc.list('betaAppLocalizations', { filter: { app: appId, locale } });
  const found = document.data.find((one) => one.attributes?.locale === locale);
  return found ? languageOf(found) : null;
}

type Invocation = ReturnType<typeof invocationOf>;
const valuesOf = ({ id, url }: Invocation): Now => ({ id, values: { url } });

async function invocation(asc: AscClient, id: string): Promise<Invocation | null> {
  return orNull(async () => {
    const { document } = await asc.get('betaAppClipInvocations', id, {
      include: ['betaAppClipInvocationLocalizations'],
    });
    return invocationOf(document.data, document.included ?? []);
  });
}

async function invocationNow(asc: AscClient, id: string): Promise<Now | null> {
  const found = await invocation(asc, id);
  return found && valuesOf(found);
}

async function titleNow(asc: AscClient, owner: string, { id, attributes }: AppleStep): Promise<Now | null> {
  const titles = (await invocation(asc, owner))?.titles ?? [];
  const found = titles.find((one) => (id === null ? one.locale === attributes.locale : one.id === id));
  return found ? { id: found.id, values: { locale: found.locale, title: found.title } } : null;
}
