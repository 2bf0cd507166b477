import type { ListType } from './keys';
import type { BuildResource, ResourceObject } from './types';

/** All that the browser's type of a resource holds of Apple's: nothing else of a row can be read there. */
type FieldsOf<Row> =
  Row extends ResourceObject<infer Attributes, unknown, infer Relationship>
    ? (keyof Attributes & string) | Relationship
    : never;

export const BUILD_FIELDS: Readonly<Record<FieldsOf<BuildResource>, true>> = {
  version: true,
  uploadedDate: true,
  expirationDate: true,
  expired: true,
  minOsVersion: true,
  processingState: true,
  buildAudienceType: true,
  usesNonExemptEncryption: true,
  preReleaseVersion: true,
};

/** Of what names hundreds of others in each row, only what the browser reads. */
const LISTED: Readonly<Partial<Record<ListType, string>>> = {
  builds: `&fields[builds]=${Object.keys(BUILD_FIELDS).join(',')}`,
};

/** A list's query with the fields that its rows need; the query alone is what the list is known by. */
export function withFields(type: ListType, query: string): string {
  return query + (LISTED[type] ?? '');
}
