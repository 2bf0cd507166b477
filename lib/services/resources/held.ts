import { EMAIL_KEYS } from '@/lib/access/mask';
import { ForbiddenError, may } from '@/lib/access/policy';
import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import { INCLUDED_ONLY_FIELDS } from '@/lib/asc/catalogue/included-only';
import { INCLUDE_LIMIT, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { ResourceType, TargetType } from '@/lib/asc/catalogue/types';
import { fieldsOf, isOffered, type OperationAddress, queryRules, relationshipOf } from '@/lib/asc/operations';
import type { QueryProblem } from '@/lib/asc/query';
import { filterFact } from '@/lib/mirror/query/conditions';
import { factsOf, type MirrorType } from '@/lib/mirror/query/facts';
import { heldIncludes } from '@/lib/mirror/query/relations';
import type { Ctx } from '../ctx';
import { badParameters } from '../errors';
import { isLiveCursor } from './apple-read';
import type { ListQuery } from './query';

/** Who can answer a part of a query: the mirror, Apple, both or neither. */
interface Part {
  readonly parameter: string;
  readonly word: string;
  readonly isHeld: boolean;
  readonly isApple: boolean;
}

interface HeldRead {
  readonly address: OperationAddress;
  /** The mirror's list that would answer. */
  readonly type: MirrorType;
  readonly query: ListQuery;
  /** The filter that the address itself sets. */
  readonly fixed?: string | undefined;
  /** Whether the answer is one resource: then nothing narrows or orders it. */
  readonly isOne: boolean;
}

/** Who can answer a read whole. */
export type Source = 'mirror' | 'apple' | 'both';

/**
 * Whether the mirror's tables hold everything that a read asks for. What they do not hold and Apple offers is Apple's
 * to answer; nothing is ever left out in silence.
 * @throws RefusedError (400) naming what neither knows, and what cannot be asked of both at once
 */
export function sourceOf(read: HeldRead): Source {
  const parts = partsOf(read);
  const problems = [...parts.flatMap(unknownOf), ...valueProblems(read)];
  if (problems.length > 0) throw badParameters(problems);
  const live = parts.filter(({ isHeld }) => !isHeld);
  const own = parts.find(({ isApple }) => !isApple);
  if (live.length > 0 && own) {
    const detail = (word: string) =>
      `“${word}” is read live at App Store Connect, which does not know “${own.word}”. Ask for one of them.`;
    throw badParameters(live.map(({ parameter, word }) => ({ parameter, message: detail(word) })));
  }
  if (live.length > 0 || isLiveCursor(read.query.cursor)) return 'apple';
  return own || !isOffered(read.address) ? 'mirror' : 'both';
}

function unknownOf({ parameter, word, isHeld, isApple }: Part): QueryProblem[] {
  if (isHeld || isApple) return [];
  return [{ parameter, message: `“${word.slice(0, 60)}” is not offered here.` }];
}

function partsOf({ address, type, query, fixed, isOne }: HeldRead): Part[] {
  const rules = queryRules(address);
  const facts = factsOf(type);
  const part = (parameter: string, word: string, isHeld: boolean, isApple: boolean): Part => ({
    parameter,
    word,
    isHeld: isHeld && !(isOne && parameter !== 'include'),
    isApple,
  });
  const includes = heldIncludes(type);
  return [
    ...Object.keys(query.filter).map((name) =>
      part(
        `filter[${name}]`,
        name,
        filterFact(facts, name) !== undefined && name !== fixed,
        Object.hasOwn(rules.filter, name),
      ),
    ),
    ...Object.keys(query.exists).map((name) =>
      part(`exists[${name}]`, name, Object.hasOwn(facts.exists ?? {}, name), rules.exists.includes(name)),
    ),
    ...query.sort.map((word) =>
      part('sort', word, Object.hasOwn(facts.sort, word.replace(/^-/, '')), rules.sort.includes(word)),
    ),
    ...query.include.map((word) =>
      part('include', word, includes.includes(word), rules.include.includes(word)),
    ),
    ...(['search', 'offset', 'cursor', 'group', 'closed'] as const)
      .filter((name) => query[name] !== undefined)
      // Both sides have cursors, each its own.
      .map((name) => part(name, name, true, name === 'cursor' && !isOne)),
    ...(query.isLimited ? [part('limit', 'limit', true, rules.limit.page !== undefined)] : []),
    ...(query.limit > PAGE_LIMIT ? [part('limit', String(query.limit), true, false)] : []),
  ];
}

/** What is wrong with the values, whoever answers; fields and limits of relations decide nothing else. */
function valueProblems({ address, type, query, isOne }: HeldRead): QueryProblem[] {
  const rules = queryRules(address);
  const problems: QueryProblem[] = query.empty.map((parameter) => ({
    parameter,
    message: 'The value is empty.',
  }));
  for (const [name, values] of Object.entries(query.filter)) {
    const known = Object.hasOwn(rules.filter, name) ? (rules.filter[name] ?? []) : [];
    const unknown =
      known.length === 0 ? undefined : values.find((value) => value !== 'none' && !known.includes(value));
    if (unknown !== undefined) {
      const message = `“${unknown.slice(0, 60)}” is not a value of “${name}”. Choose from ${known.join(', ')}.`;
      problems.push({ parameter: `filter[${name}]`, message });
    }
  }
  const includes = heldIncludes(type);
  const targets: readonly string[] = includes.flatMap((name) => relationshipOf(type, name)?.target ?? []);
  for (const [target, names] of Object.entries(query.fields)) {
    const parameter = `fields[${target}]`;
    const offered = Object.hasOwn(rules.fields, target)
      ? rules.fields[target]
      : target === type || targets.includes(target)
        ? fieldsFor(target)
        : undefined;
    const unknown = names.find((name) => offered && !offered.includes(name));
    if (!offered)
      problems.push({ parameter, message: `There are no fields of “${target.slice(0, 60)}” here.` });
    else if (unknown !== undefined)
      problems.push({ parameter, message: `“${unknown.slice(0, 60)}” is not offered here.` });
  }
  for (const [name, limit] of Object.entries(query.limits)) {
    const parameter = `limit[${name}]`;
    const isMany = includes.includes(name) && relationshipOf(type, name)?.many === true;
    const most =
      Object.hasOwn(rules.limit, name) && name !== 'page'
        ? rules.limit[name]
        : isMany
          ? INCLUDE_LIMIT
          : undefined;
    if (most === undefined) problems.push({ parameter, message: 'This limit is not offered here.' });
    else if (!Number.isInteger(limit) || limit < 1 || limit > most)
      problems.push({ parameter, message: `The limit is a whole number from 1 to ${most}.` });
  }
  return isOne ? problems.filter(({ parameter }) => parameter !== 'limit') : problems;
}

function fieldsFor(target: string): readonly string[] {
  if (!isResourceType(target) && !Object.hasOwn(INCLUDED_ONLY_FIELDS, target)) return [];
  return fieldsOf(target as TargetType);
}

/**
 * Whoever sees e-mail addresses masked may not ask by them: a filter or an order that answers about the hidden value
 * would tell it letter by letter.
 * @throws ForbiddenError
 */
export function refuseHidden(
  { actor }: Pick<Ctx, 'actor'>,
  type: ResourceType,
  query: { readonly filter?: object | undefined; readonly sort?: readonly string[] | undefined },
): void {
  if (may(actor, 'testers:identify')) return;
  const isHidden = (name: string) => name.split('.').some((part) => EMAIL_KEYS.has(part));
  const refuse = (what: string) => {
    const { many } = entryOf(type).label;
    throw new ForbiddenError(
      'testers:identify',
      `Your role sees e-mail addresses masked, so ${many} cannot be ${what} by them. Ask by name, or ask an administrator for the role triager.`,
    );
  };
  for (const [name, values] of Object.entries(query.filter ?? {})) {
    if (isHidden(name) || [values].flat().some((value) => String(value).includes('@'))) refuse('filtered');
  }
  if (query.sort?.some((word) => isHidden(word.replace(/^-/, '')))) refuse('sorted');
}
