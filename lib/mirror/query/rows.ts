import type { Linkage, Relationship, ResourceObject } from '../resource';
import type { ListType } from './facts';

/** A row of a mirror table as SQLite gives it. */
export type MirrorRow = Readonly<Record<string, string | number | null>> & {
  readonly accountId: string;
  readonly id: string;
  readonly document: string;
  readonly fetchedAt: number;
};

type ToResource = (row: MirrorRow) => ResourceObject;

const json = (text: string | number | null | undefined): Record<string, unknown> =>
  typeof text === 'string' ? JSON.parse(text) : {};

const link = (type: string, id: string | number | null | undefined): Relationship => ({
  data: id === null || id === undefined ? null : ({ type, id: String(id) } satisfies Linkage),
});

const toApp = (row: MirrorRow): Relationship => link('apps', row.appId);

const RELATIONSHIPS: Readonly<Record<string, (row: MirrorRow) => Record<string, unknown>>> = {
  apps: (row) => json(row.relationships),
  betaGroups: (row) => ({
    ...json(row.relationships),
    app: toApp(row),
    betaRecruitmentCriteria: link('betaRecruitmentCriteria', json(row.criteria).id as string | undefined),
  }),
  betaTesters: (row) => ({ apps: { data: [{ type: 'apps', id: row.appId }] } }),
  preReleaseVersions: (row) => ({ app: toApp(row) }),
  builds: (row) => ({
    ...json(row.relationships),
    app: toApp(row),
    preReleaseVersion: link('preReleaseVersions', row.preReleaseVersionId),
    buildBetaDetail: link('buildBetaDetails', row.buildBetaDetailId),
    betaAppReviewSubmission: link('betaAppReviewSubmissions', row.betaAppReviewSubmissionId),
  }),
  betaBuildLocalizations: (row) => ({ build: link('builds', row.buildId) }),
  feedback: (row) => ({ build: link('builds', row.buildId), tester: link('betaTesters', row.testerId) }),
};

const plain =
  (type: ListType): ToResource =>
  (row) =>
    resource(type, row.id, json(row.document), RELATIONSHIPS[type]?.(row) ?? {}, row);

function resource(
  type: string,
  id: string,
  attributes: Record<string, unknown>,
  relationships: Record<string, unknown>,
  row: MirrorRow,
  meta: Record<string, unknown> = {},
): ResourceObject {
  return {
    type,
    id,
    attributes,
    relationships: relationships as Record<string, Relationship>,
    meta: Object.assign(
      { accountId: row.accountId, appId: row.appId ?? row.id, fetchedAt: row.fetchedAt },
      meta,
    ),
  };
}

const feedback =
  (type: ListType): ToResource =>
  (row) =>
    resource(type, row.id, json(row.document), RELATIONSHIPS.feedback?.(row) ?? {}, row, {
      goneAt: row.goneAt ?? null,
    });

/** How a row becomes Apple's document again, with what belongs to the row itself in `meta`. */
const RESOURCES: Readonly<Record<ListType, ToResource>> = {
  apps: plain('apps'),
  betaGroups: (row) => {
    const group = plain('betaGroups')(row);
    const criteria = row.criteria === null ? null : json(row.criteria).attributes;
    return {
      ...group,
      meta: {
        ...group.meta,
        testerCount: row.testerCount ?? null,
        buildCount: row.buildCount ?? null,
        criteria,
      },
    };
  },
  betaTesters: (row) => {
    const attributes = Object.assign(json(row.document), {
      state: row.state ?? null,
      appDevices: row.appDevices === null ? null : JSON.parse(String(row.appDevices)),
    });
    const meta = {
      deviceModel: row.deviceModel,
      osVersion: row.osVersion,
      installedBuild: row.installedBuild,
    };
    return resource('betaTesters', row.id, attributes, RELATIONSHIPS.betaTesters?.(row) ?? {}, row, meta);
  },
  preReleaseVersions: plain('preReleaseVersions'),
  builds: (row) =>
    resource('builds', row.id, json(row.document), RELATIONSHIPS.builds?.(row) ?? {}, row, {
      trainVersion: row.trainVersion ?? null,
      platform: row.platform ?? null,
      internalBuildState: row.internalBuildState ?? null,
      externalBuildState: row.externalBuildState ?? null,
      autoNotifyEnabled: flag(row.autoNotifyEnabled),
      betaReviewState: row.betaReviewState ?? null,
      submittedDate: row.submittedDate ?? null,
      installBytes: row.installBytes ?? null,
    }),
  buildBetaDetails: (row) =>
    resource(
      'buildBetaDetails',
      String(row.buildBetaDetailId),
      json(row.betaDetail),
      { build: link('builds', row.id) },
      row,
      { buildId: row.id },
    ),
  betaAppReviewSubmissions: (row) =>
    resource(
      'betaAppReviewSubmissions',
      String(row.betaAppReviewSubmissionId),
      json(row.betaReview),
      { build: link('builds', row.id) },
      row,
      { buildId: row.id },
    ),
  betaBuildLocalizations: plain('betaBuildLocalizations'),
  betaFeedbackCrashSubmissions: feedback('betaFeedbackCrashSubmissions'),
  betaFeedbackScreenshotSubmissions: feedback('betaFeedbackScreenshotSubmissions'),
  feedback: (row) => own('feedback', row, FEEDBACK_SHOWN),
  issues: (row) => own('issues', row, ISSUE_SHOWN),
};

/** What a line of the inbox tells of a report; Apple's document holds more, addresses of pictures among it. */
const FEEDBACK_SHOWN = [
  ...['type', 'createdDate', 'comment', 'email', 'deviceModel', 'osVersion', 'locale', 'appPlatform'],
  ...['connectionType', 'batteryPercentage', 'diskBytesAvailable', 'buildId', 'testerId', 'issueId'],
  ...['goneAt', 'logState', 'topFrame', 'crashKind'],
];
const ISSUE_SHOWN = [
  ...['kind', 'title', 'crashKind', 'topFrame', 'status', 'assigneeId', 'priority', 'resolvedLabel'],
  ...['duplicateOf', 'snoozedUntil', 'snoozedDate', 'regressedAt', 'link', 'reportCount', 'testerCount'],
  ...['firstDate', 'lastDate', 'version'],
];
/** Longer comments are told whole where one is opened. */
const MOST_LETTERS = 280;

function own(type: string, row: MirrorRow, shown: readonly string[]): ResourceObject {
  const attributes = Object.fromEntries(
    shown.flatMap((name) => (row[name] === null || row[name] === undefined ? [] : [[name, cut(row[name])]])),
  );
  return resource(type, row.id, attributes, {}, row);
}

const cut = (value: string | number) =>
  typeof value === 'string' && value.length > MOST_LETTERS
    ? `${[...value.slice(0, MOST_LETTERS)].slice(0, -1).join('')}…`
    : value;

function flag(value: string | number | null | undefined): boolean | null {
  return value === null || value === undefined ? null : value === 1;
}

/** The resource of a row. */
export function toResource(type: ListType, row: MirrorRow): ResourceObject {
  return RESOURCES[type](row);
}
