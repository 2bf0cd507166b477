import { authorise } from '@/lib/access/policy';
import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type CallOperation, isOffered, type OperationAddress, permissionsOf } from '@/lib/asc/operations';
import type { Ctx } from '../ctx';
import { notFound, notOffered } from '../errors';

/** The type a word of the address names. @throws RefusedError (404) */
export function typeOf(word: string): ResourceType {
  if (isResourceType(word)) return word;
  throw notFound('There is no resource of this type.', 'FLIGHTDECK.UNKNOWN_TYPE');
}

/**
 * An operation of the catalogue. @throws RefusedError 404 for an unknown type, relationship or figure, 405 for
 * what Apple does not offer on a known one
 */
export function addressOf<Operation extends CallOperation>(
  operation: Operation,
  type: string,
  name?: string,
): OperationAddress<Operation> {
  const known = typeOf(type);
  const address = { type: known, operation, ...(name === undefined ? {} : { name }) };
  if (isOffered(address)) return address;
  if (name !== undefined && !isKnownName(known, name)) {
    throw notFound(`There is no “${name.slice(0, 60)}” on ${known}.`, 'FLIGHTDECK.UNKNOWN_RELATIONSHIP');
  }
  throw notOffered('App Store Connect does not offer this operation.');
}

/** A read below a resource: what it is related to, or a report of its own media type. */
export function relatedAddressOf(type: string, name: string): OperationAddress<'report' | 'related'> {
  const report: OperationAddress<'report'> = { type: typeOf(type), operation: 'report', name };
  return isOffered(report) ? report : addressOf('related', type, name);
}

/**
 * The operation, when the actor has all permissions that it and what it includes need.
 * @throws ForbiddenError naming the first that is missing
 */
export function allowed<Address extends OperationAddress>(
  { actor }: Pick<Ctx, 'actor'>,
  address: Address,
  include: readonly string[] = [],
): Address {
  for (const permission of permissionsOf(address, include)) authorise(actor, permission);
  return address;
}

function isKnownName(type: ResourceType, name: string): boolean {
  const { toOne, toMany, related, linkages, metrics = {}, reports = {} } = entryOf(type);
  return [toOne, toMany, related, linkages, metrics, reports].some((names) => Object.hasOwn(names, name));
}
