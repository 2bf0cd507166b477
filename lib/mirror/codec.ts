import type { SqlValue } from '@/lib/store/store';
import { newestDevice } from './devices';
import { type MembershipSide, membershipsOf } from './memberships';
import {
  attributesOf,
  isRecord,
  isWhole,
  type Relationship,
  type ResourceLike,
  relationshipOf,
  toManyIds,
  toOneId,
  totalOf,
} from './resource';
import { type ColumnKind, type MirrorTable, TABLES } from './tables';
import { addressKey, keyText, nameKey, searchedText, versionKey } from './text';

/** Column → value; a column that is not there is one the document says nothing about, and keeps its value. */
export type Values = Record<string, SqlValue>;

export interface Row {
  readonly table: MirrorTable;
  readonly values: Values;
}

/** What one resource says about a membership. */
export interface MembershipClaim {
  /** The side of the resource that speaks. */
  readonly side: MembershipSide;
  readonly ownerId: string;
  readonly otherIds: readonly string[];
  /** Whether nobody else is a member. */
  readonly isComplete: boolean;
  readonly appId: string;
}

/** What the codec is told beside the resource. */
export interface Surroundings {
  readonly appId?: string | undefined;
  readonly buildId?: string | undefined;
  readonly parent?: string | undefined;
  /** Whether attributes that are missing were not asked for (true) or are unset (false). */
  readonly isSparse: boolean;
  readonly included: (type: string, id: string) => ResourceLike | undefined;
}

/** Columns of a resource's own attributes and the attributes as they came. */
function ownValues(table: MirrorTable, resource: ResourceLike, isSparse: boolean): Values {
  const attributes = attributesOf(resource);
  const values: Values = { id: resource.id, document: JSON.stringify(attributes) };
  const kinds: Readonly<Record<string, ColumnKind>> = TABLES[table].attributes;
  for (const [name, kind] of Object.entries(kinds)) {
    if (isSparse && !(name in attributes)) continue;
    values[name] = columnValue(attributes[name], kind);
  }
  return values;
}

/** One attribute as a column; what is not of the expected kind (Apple may add values) is kept as text or dropped. */
export function columnValue(value: unknown, kind: ColumnKind): SqlValue {
  if (value === null || value === undefined) return null;
  if (kind === 'boolean') return typeof value === 'boolean' ? Number(value) : null;
  if (kind === 'number') return isWhole(value) ? value : null;
  // Apple's offsets follow daylight saving; in UTC the text sorts as time does. The document keeps Apple's.
  if (kind === 'date' && typeof value === 'string') return utc(value);
  if (kind === 'text' && typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** An attribute that stands in an index. */
function keyColumn(value: unknown): SqlValue {
  const text = columnValue(value, 'text');
  return typeof text === 'string' ? keyText(text) : text;
}

function utc(date: string): string {
  const at = Date.parse(date);
  return Number.isNaN(at) ? keyText(date) : new Date(at).toISOString();
}

/** Sets what is known: undefined leaves the column alone. */
function set(values: Values, column: string, value: SqlValue | undefined): void {
  if (value !== undefined) values[column] = value;
}

/** Linkages held by no other table, as JSON; undefined when the document carries none. */
function otherLinkages(resource: ResourceLike, held: readonly string[]): string | undefined {
  if (!isRecord(resource.relationships)) return undefined;
  const rest: Record<string, Relationship> = {};
  for (const name of Object.keys(resource.relationships)) {
    const data = held.includes(name) ? undefined : relationshipOf(resource, name)?.data;
    if (data !== undefined) rest[name] = { data };
  }
  return Object.keys(rest).length > 0 ? JSON.stringify(rest) : undefined;
}

type RowOf = (resource: ResourceLike, around: Surroundings) => Row;

const app: RowOf = (resource, { isSparse }) => {
  const values = ownValues('apps', resource, isSparse);
  set(values, 'relationships', otherLinkages(resource, []));
  return { table: 'apps', values };
};

const betaGroup: RowOf = (resource, around) => {
  const values = ownValues('betaGroups', resource, around.isSparse);
  set(values, 'appId', toOneId(resource, 'app') ?? around.appId);
  set(values, 'testerCount', totalOf(resource, 'betaTesters'));
  set(values, 'buildCount', totalOf(resource, 'builds'));
  const criteria = toOneId(resource, 'betaRecruitmentCriteria');
  if (criteria === null) values.criteria = null;
  else if (criteria !== undefined) {
    const found = around.included('betaRecruitmentCriteria', criteria);
    if (found) values.criteria = JSON.stringify({ id: criteria, attributes: attributesOf(found) });
  }
  const held = ['app', 'builds', 'betaTesters', 'betaRecruitmentCriteria'];
  set(values, 'relationships', otherLinkages(resource, held));
  return { table: 'betaGroups', values };
};

const betaTester: RowOf = (resource, around) => {
  // State and devices are facts of one app and null in reads without one: null never overwrites what is known.
  const { state, appDevices, ...attributes } = attributesOf(resource);
  const values = ownValues('betaTesters', { ...resource, attributes }, around.isSparse);
  if ('email' in values) {
    values.emailLower = typeof attributes.email === 'string' ? addressKey(attributes.email) : null;
  }
  if ('firstName' in values && 'lastName' in values) {
    values.nameLower = nameKey(attributes.firstName, attributes.lastName);
  }
  const apps = toManyIds(resource, 'apps');
  const onlyApp = apps?.isComplete && apps.ids.length === 1 ? apps.ids[0] : undefined;
  const appId = around.appId ?? onlyApp;
  // Told without an app they may be those of any app.
  const isScoped = appId !== undefined;
  if (isScoped && state !== null && state !== undefined) values.state = keyColumn(state);
  if (isScoped && Array.isArray(appDevices)) {
    const device = newestDevice(appDevices);
    values.appDevices = JSON.stringify(appDevices);
    values.deviceModel = device?.model ?? null;
    values.osVersion = device?.osVersion ?? null;
    values.installedBuild = device?.appBuildVersion ?? null;
  }
  set(values, 'appId', appId);
  return { table: 'betaTesters', values };
};

const preReleaseVersion: RowOf = (resource, around) => {
  const values = ownValues('preReleaseVersions', resource, around.isSparse);
  if ('version' in values) values.versionKey = versionKey(values.version);
  set(values, 'appId', toOneId(resource, 'app') ?? around.appId);
  return { table: 'preReleaseVersions', values };
};

const HELD_BY_BUILDS = [
  'app',
  'preReleaseVersion',
  'buildBetaDetail',
  'betaAppReviewSubmission',
  'betaGroups',
  'individualTesters',
  'betaBuildLocalizations',
];

const build: RowOf = (resource, around) => {
  const values = ownValues('builds', resource, around.isSparse);
  const attributes = attributesOf(resource);
  if ('version' in values) values.versionKey = versionKey(values.version);
  if ('minOsVersion' in values) values.minOsKey = versionKey(values.minOsVersion);
  if (!around.isSparse || 'iconAssetToken' in attributes) {
    const icon = attributes.iconAssetToken;
    values.iconTemplateUrl = isRecord(icon) ? columnValue(icon.templateUrl, 'text') : null;
  }
  set(values, 'appId', toOneId(resource, 'app') ?? around.appId);
  set(values, 'relationships', otherLinkages(resource, HELD_BY_BUILDS));
  addTrain(values, toOneId(resource, 'preReleaseVersion'), around);
  addDetail(values, toOneId(resource, 'buildBetaDetail'), around);
  addReview(values, toOneId(resource, 'betaAppReviewSubmission'), around);
  return { table: 'builds', values };
};

// An included resource that is named but missing leaves every field it would have filled as it was.

function addTrain(values: Values, id: string | null | undefined, around: Surroundings): void {
  set(values, 'preReleaseVersionId', id);
  const found = id ? around.included('preReleaseVersions', id) : undefined;
  if (found) Object.assign(values, trainValues(found));
}

/** The columns of a build that repeat its train. */
export function trainValues(resource: ResourceLike): Values {
  const { version, platform } = attributesOf(resource);
  return {
    trainVersion: columnValue(version, 'text'),
    trainKey: versionKey(version),
    platform: columnValue(platform, 'text'),
  };
}

function addDetail(values: Values, id: string | null | undefined, around: Surroundings): void {
  set(values, 'buildBetaDetailId', id);
  const found = id ? around.included('buildBetaDetails', id) : undefined;
  if (found) Object.assign(values, detailValues(found));
}

/** The columns of a build that hold its beta detail. */
export function detailValues(resource: ResourceLike): Values {
  const attributes = attributesOf(resource);
  return {
    autoNotifyEnabled: columnValue(attributes.autoNotifyEnabled, 'boolean'),
    internalBuildState: keyColumn(attributes.internalBuildState),
    externalBuildState: keyColumn(attributes.externalBuildState),
    betaDetail: JSON.stringify(attributes),
  };
}

function addReview(values: Values, id: string | null | undefined, around: Surroundings): void {
  set(values, 'betaAppReviewSubmissionId', id);
  if (id === null) Object.assign(values, { betaReviewState: null, submittedDate: null, betaReview: null });
  const found = id ? around.included('betaAppReviewSubmissions', id) : undefined;
  if (found) Object.assign(values, reviewValues(found));
}

/** The columns of a build that hold its review submission. */
export function reviewValues(resource: ResourceLike): Values {
  const attributes = attributesOf(resource);
  return {
    betaReviewState: columnValue(attributes.betaReviewState, 'text'),
    submittedDate: columnValue(attributes.submittedDate, 'date'),
    betaReview: JSON.stringify(attributes),
  };
}

const betaBuildLocalization: RowOf = (resource, around) => {
  const values = ownValues('betaBuildLocalizations', resource, around.isSparse);
  set(values, 'appId', around.appId);
  set(values, 'buildId', toOneId(resource, 'build') ?? around.buildId);
  return { table: 'betaBuildLocalizations', values };
};

const feedback: RowOf = (resource, around) => {
  const values = ownValues('feedback', resource, around.isSparse);
  values.type = resource.type;
  values.goneAt = null;
  if ('comment' in values) {
    const { comment } = values;
    values.commentWords = typeof comment === 'string' ? searchedText(comment) : null;
    values.mayHoldAddress = Number(typeof comment === 'string' && comment.includes('@'));
  }
  set(values, 'appId', around.appId);
  set(values, 'buildId', toOneId(resource, 'build'));
  set(values, 'testerId', toOneId(resource, 'tester'));
  return { table: 'feedback', values };
};

const anyDocument: RowOf = (resource, around) => {
  const { id, type, attributes, relationships } = resource;
  const values: Values = { id, type, document: JSON.stringify({ attributes, relationships }) };
  set(values, 'parent', around.parent);
  return { table: 'documents', values };
};

const CODECS: Readonly<Record<string, RowOf>> = {
  apps: app,
  betaGroups: betaGroup,
  betaTesters: betaTester,
  preReleaseVersions: preReleaseVersion,
  builds: build,
  betaBuildLocalizations: betaBuildLocalization,
  betaFeedbackCrashSubmissions: feedback,
  betaFeedbackScreenshotSubmissions: feedback,
};

/** The row of a resource; types without a table of their own go to the document table. */
export function rowOf(resource: ResourceLike, around: Surroundings): Row {
  return (CODECS[resource.type] ?? anyDocument)(resource, around);
}

/** What a tester, group or build says about who belongs where; empty when the app is not known. */
export function claimsOf(resource: ResourceLike, appId: string | undefined): MembershipClaim[] {
  if (appId === undefined) return [];
  return membershipsOf(resource.type).flatMap((side) => {
    const named = toManyIds(resource, side.name);
    if (!named) return [];
    return [{ side, ownerId: resource.id, otherIds: named.ids, isComplete: named.isComplete, appId }];
  });
}
