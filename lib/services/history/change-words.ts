import type { Names } from '@/lib/audit/entry';
import { attributeLabel } from '@/lib/format/attribute-labels';
import { valueLabel } from '@/lib/format/labels';
import { criteriaSentence, type DeviceFilter } from '@/lib/format/recruitment';
import { isRecord } from '@/lib/mirror/resource';
import { changedMembers } from './changed-members';
import type { Told } from './parts';

/** One attribute before and after, in words. */
export interface ChangeWords {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Attributes whose text is people's own: a group called EXPIRED is not “Expired”. */
const FREE = /name|email|whatsNew|description|note|tags|url|title|version|locale|text|phone|contact|label/i;

/** What a change made of each attribute, in words; empty where the sentence says it all. */
export function changeWords(told: Told & { readonly names: Names }): ChangeWords[] {
  if (told.action !== 'update' && told.action !== 'replaceKey') return [];
  // The sentence says what was decided.
  if (told.type === 'issues' || told.type === 'issueNotes') return [];
  return changedMembers(told)
    .filter(({ name }) => !HIDDEN.has(name))
    .map(({ name, before, after }) => ({
      what: attributeLabel(name),
      before: valueWords(name, before),
      after: valueWords(name, after),
    }));
}

/** Told by the sentence, or no attribute at all. */
const HIDDEN = new Set([
  'id',
  'testers',
  'addTags',
  'removeTags',
  'relationship',
  'data',
  'publicLinkId',
  'order',
]);

function valueWords(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    if (value.every((one) => isRecord(one) && 'deviceFamily' in one)) {
      return criteriaSentence(value as DeviceFilter[]);
    }
    return value.every((one) => typeof one !== 'object')
      ? value.map((one) => valueWords(name, one)).join(', ')
      : `${value.length} entries`;
  }
  if (isRecord(value)) return 'see the details';
  if (typeof value === 'string' && value !== '' && FREE.test(name)) return value;
  return valueLabel(value);
}
