import { loose } from '@/lib/mirror/loose';
import type { Ctx } from '../ctx';
import { partsOf } from './address';
import { alertsOf } from './alerts';
import { entriesAbout, redactedOf } from './audit-entries';
import type { Redactor } from './redact';
import { rowErased, rowsAbout, TEXT_TABLES, type TextTable } from './text-tables';
import type { Person } from './who';

/** Something that is known of a person. */
export interface Held {
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly data: unknown;
}

/** One kind of what may be known of a person: the export takes it along, and the erasure says what becomes of it. */
export interface Holding {
  readonly kind: string;
  /** `Model.column` of every place in which such a thing stands. */
  readonly columns: readonly string[];
  /** Which step of an erasure deals with it; `apple`: it is Apple's, and would come again with the next sync. */
  readonly erasedBy: ErasureStep | 'apple';
  find(ctx: Ctx, person: Person, redactor: Redactor): Promise<readonly Held[]>;
}

export const ERASURE_STEPS = ['audit', 'words', 'records', 'reports', 'mentions', 'files'] as const;
export type ErasureStep = (typeof ERASURE_STEPS)[number];

const columnsOf = (model: string, names: readonly string[]) => names.map((name) => `${model}.${name}`);
const held = (rows: readonly object[]): Held[] =>
  rows.map((data) => {
    const { accountId = null, appId = null } = data as { accountId?: string | null; appId?: string | null };
    return { accountId, appId, data };
  });

const textHolding = (kind: string, table: TextTable): Holding => ({
  kind,
  columns: columnsOf(table.model, [...table.texts, ...table.json]),
  erasedBy: 'words',
  async find(ctx, person, redactor) {
    const rows = (await rowsAbout(ctx, table, person, redactor)).filter(
      (row) => rowErased(ctx, table, redactor, row) !== null,
    );
    const isOwn = ({ accountId, testerId }: Readonly<Record<string, unknown>>) =>
      person.testers.some((one) => one.accountId === accountId && one.testerId === testerId);
    // What stands in a tester’s own records is told apart.
    return held(rows.filter((row) => !isOwn(row)));
  },
});

/** Rows of a table that belong to one of the testers. */
async function ofTesters(ctx: Ctx, person: Person, table: string, id = 'testerId'): Promise<Held[]> {
  const keys = new Set(person.testers.map(({ accountId, testerId }) => `${accountId} ${testerId}`));
  const rows = await ctx.db.read(
    loose(ctx.db.build)
      .selectFrom(table)
      .selectAll()
      .where(({ ref }) => ctx.db.dialect.among(ref(id).$castTo<string | null>(), [...person.testerIds])),
  );
  return held(rows.filter((row) => keys.has(`${row.accountId} ${row[id]}`)));
}

/** Rows of reports that the person sent. */
async function ofReports(ctx: Ctx, person: Person, table: string, id = 'feedbackId') {
  const reports = new Map(person.reports.map((report) => [`${report.accountId} ${report.id}`, report]));
  const rows = await ctx.db.read(
    loose(ctx.db.build)
      .selectFrom(table)
      .selectAll()
      .where(({ ref }) =>
        ctx.db.dialect.among(
          ref(id).$castTo<string | null>(),
          person.reports.map((report) => report.id),
        ),
      ),
  );
  return rows.flatMap((row) => {
    const report = reports.get(`${row.accountId} ${row[id]}`);
    return report ? [{ row, report }] : [];
  });
}

/** Reports of others whose comment holds the address. */
export async function mentioningReports({ db }: Ctx, { address, reports }: Person, redactor: Redactor) {
  const own = new Set(reports.map(({ accountId, id }) => `${accountId} ${id}`));
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['accountId', 'appId', 'id', 'type', 'createdDate', 'comment', 'document'])
      .where(({ or, and, ref }) =>
        or(
          partsOf(address).map((parts) =>
            and(parts.map((part) => db.dialect.holds(ref('comment'), part) as never)),
          ),
        ),
      ),
  );
  return rows.filter(
    ({ accountId, id, comment }) =>
      !own.has(`${accountId} ${id}`) && comment !== null && redactor.holdsAddress(comment),
  );
}

/** What testers sent, by Apple’s words. */
export const FEEDBACK_TYPES = [
  'betaCrashLogs',
  'betaFeedbackCrashSubmissions',
  'betaFeedbackScreenshotSubmissions',
];

/** Hand-overs that may still be sent: what they say is needed to find them there. */
export const UNSETTLED = ['sending', 'unsure'];

/** Everything that may be known of a person here. Export and erasure both go by it. */
export const HOLDINGS: readonly Holding[] = [
  {
    kind: 'testers',
    columns: columnsOf('BetaTester', [
      ...[
        'firstName',
        'lastName',
        'email',
        'emailLower',
        'nameLower',
        'document',
        'appDevices',
        'deviceModel',
      ],
    ]),
    erasedBy: 'apple',
    async find({ db }, { address }) {
      const rows = await db.read(
        db.build.selectFrom('betaTesters').selectAll().where('emailLower', '=', address),
      );
      return held(rows.map(({ rowKey: _, generation: __, ...row }) => row));
    },
  },
  {
    kind: 'groups',
    columns: ['BetaGroupTester.testerId'],
    erasedBy: 'apple',
    find: (ctx, person) => ofTesters(ctx, person, 'betaGroupTesters'),
  },
  {
    kind: 'builds',
    columns: ['BuildTester.testerId'],
    erasedBy: 'apple',
    find: (ctx, person) => ofTesters(ctx, person, 'buildTesters'),
  },
  {
    kind: 'documents',
    columns: ['Document.document'],
    // Answers are asked for anew when they are needed.
    erasedBy: 'records',
    async find({ db }, { address, testerIds, reports }, redactor) {
      const rows = await db.read(
        db.build
          .selectFrom('documents')
          .selectAll()
          .where(({ or, and, ref, eb }) =>
            or([
              ...partsOf(address).map((parts) =>
                and(parts.map((part) => db.dialect.holds(ref('document'), part) as never)),
              ),
              ...[...testerIds].map((id) => db.dialect.contains(ref('document'), id) as never),
              // Kept by former versions: logs of reports.
              and([eb('type', '=', 'answers'), eb('parent', 'in', FEEDBACK_TYPES)]),
            ]),
          ),
      );
      return held(
        rows.filter(
          ({ id, document, parent }) =>
            redactor.isAbout(document) ||
            (FEEDBACK_TYPES.includes(parent) &&
              reports.some((report) => id.includes(report.id) || document.includes(report.id))),
        ),
      );
    },
  },
  {
    kind: 'reports',
    columns: [
      ...columnsOf('Feedback', ['testerId', 'comment', 'commentWords', 'email', 'document']),
      // They follow from the comment and the log, and go with them.
      ...columnsOf('FeedbackWords', ['comment', 'log']),
      'SymbolNeed.name',
    ],
    erasedBy: 'reports',
    find: async (ctx, person) =>
      (await ofReports(ctx, person, 'feedback', 'id')).map(({ row, report }) => ({
        ...{ accountId: report.accountId, appId: report.appId },
        data: { ...row, document: JSON.parse(report.document) },
      })),
  },
  {
    kind: 'logs',
    // Calls follow from the log, and go with it.
    columns: ['CrashLog.bytes', 'CrashLog.symbols', 'CrashFrames.frames'],
    erasedBy: 'reports',
    find: async (ctx, person) =>
      (await ofReports(ctx, person, 'crashLogs')).map(({ row, report }) => ({
        ...{ accountId: report.accountId, appId: report.appId },
        data: { feedbackId: row.feedbackId, size: row.size, storedAt: row.storedAt },
      })),
  },
  {
    kind: 'pictures',
    columns: ['FeedbackPicture.hash', 'FeedbackPicture.path', 'ArchivedFile.hash'],
    erasedBy: 'reports',
    find: async (ctx, person) =>
      (await ofReports(ctx, person, 'feedbackPictures'))
        .filter(({ row }) => row.hash !== null)
        .map(({ row, report }) => ({
          ...{ accountId: report.accountId, appId: report.appId },
          data: { feedbackId: row.feedbackId, position: row.position, hash: row.hash, state: row.state },
        })),
  },
  {
    kind: 'drawings',
    columns: ['FeedbackDrawing.hash'],
    erasedBy: 'reports',
    find: async (ctx, person) =>
      (await ofReports(ctx, person, 'feedbackDrawings')).map(({ row, report }) => ({
        ...{ accountId: report.accountId, appId: report.appId },
        data: { feedbackId: row.feedbackId, position: row.position, hash: row.hash },
      })),
  },
  {
    kind: 'shareLinks',
    columns: ['ShareLink.targetId'],
    erasedBy: 'reports',
    find: async (ctx, person) =>
      (await ofReports(ctx, person, 'shareLinks', 'targetId'))
        .filter(({ row }) => row.kind === 'report' && row.revokedAt === null)
        .map(({ row, report }) => ({
          ...{ accountId: report.accountId, appId: report.appId },
          data: { id: row.id, targetId: row.targetId, createdAt: row.createdAt, expiresAt: row.expiresAt },
        })),
  },
  {
    kind: 'handedOver',
    columns: ['Handover.feedbackId'],
    erasedBy: 'words',
    async find({ db }, { reports }) {
      const rows = await db.read(
        db.build
          .selectFrom('handovers')
          .select(['id', 'feedbackId', 'title', 'body', 'key', 'url', 'createdAt'])
          .where('body', '<>', '')
          .where('state', 'not in', UNSETTLED)
          .where(({ ref }) =>
            db.dialect.among(
              ref('feedbackId'),
              reports.map(({ id }) => id),
            ),
          ),
      );
      return held(rows);
    },
  },
  {
    kind: 'comments',
    columns: ['Feedback.comment'],
    erasedBy: 'mentions',
    find: async (ctx, person, redactor) =>
      held(
        (await mentioningReports(ctx, person, redactor)).map(({ accountId, appId, id, comment }) => ({
          ...{ accountId, appId, id, comment },
        })),
      ),
  },
  {
    kind: 'notes',
    columns: ['TesterNote.note', 'TesterNote.testerId'],
    erasedBy: 'records',
    // Protection from pruning stays, and says nothing of the person.
    find: async (ctx, person) =>
      (await ofTesters(ctx, person, 'testerNotes')).filter(
        ({ data }) => (data as { note?: string | null }).note !== null,
      ),
  },
  {
    kind: 'tags',
    columns: ['TesterTag.tag', 'TesterTag.testerId'],
    erasedBy: 'records',
    find: (ctx, person) => ofTesters(ctx, person, 'testerTags'),
  },
  {
    kind: 'history',
    columns: columnsOf('TesterEvent', ['emailLower', 'testerId', 'before', 'after']),
    erasedBy: 'records',
    find: (ctx, person) => ofTesters(ctx, person, 'testerEvents'),
  },
  {
    kind: 'days',
    columns: ['TesterDay.testerId', 'TesterDay.devices'],
    erasedBy: 'records',
    find: (ctx, person) => ofTesters(ctx, person, 'testerDays'),
  },
  {
    // Of somebody who is of the team as well.
    kind: 'alerts',
    columns: ['AlertRule.userId', 'AlertSetting.userId'],
    erasedBy: 'records',
    find: async (ctx, { address }) => held(await alertsOf(ctx, address)),
  },
  ...Object.entries(TEXT_TABLES).map(([kind, table]) => textHolding(kind, table)),
  {
    kind: 'audit',
    columns: columnsOf('AuditEntry', ['label', 'before', 'after', 'names', 'errors']),
    erasedBy: 'audit',
    async find(ctx, person, redactor) {
      const rows = redactedOf(await entriesAbout(ctx, person), person, redactor);
      return held(
        rows.map(({ row }) => ({
          ...{ accountId: row.accountId, appId: row.appId, id: row.id, at: row.at, action: row.action },
          ...{ type: row.type, label: row.label, before: row.before, after: row.after, names: row.names },
        })),
      );
    },
  },
];

/** What holds nothing of a tester, though its name may sound so, and why; a model, or one column of it. */
export const HOLDS_NOTHING: Readonly<Record<string, string>> = {
  Account: 'A key of the team’s own.',
  App: 'An app.',
  BetaGroup: 'A group; who is in it stands in BetaGroupTester.',
  BetaTesterCount: 'Numbers.',
  BuildGroup: 'Ids of builds and groups.',
  PreReleaseVersion: 'A version.',
  Build: 'A build.',
  BuildEvent: 'States of a build.',
  BuildDay: 'Numbers of a build.',
  DeviceDay: 'Numbers of an app.',
  UsageWindow: 'Numbers of an app, a group or a build.',
  BetaBuildLocalization: 'What the team wrote for all testers.',
  AppIcon: 'A picture of the app.',
  Tombstone: 'Ids, for an hour.',
  SyncScope: 'Where a sync stands; its errors name lists.',
  SyncRun: 'What a sync did, in numbers; its errors name lists.',
  SyncRequest: 'Which lists are to be read.',
  Receiver: 'Where events of an app come to.',
  ReceivedEvent: 'Ids of what events are about, for thirty days.',
  Lease: 'Processes.',
  User: 'The team’s own people; their accounts are closed under Team.',
  Session: 'The team’s own people.',
  MachineToken: 'Build machines.',
  LoginLimit: 'Attempts of the team to sign in, for minutes.',
  KeyBudget: 'Numbers.',
  KeySpending: 'Numbers.',
  LinkDay: 'Numbers of a group.',
  GroupDay: 'Numbers of a group.',
  Setting: 'Facts of the installation.',
  Announcement: 'Ids, for an hour.',
  Digest: 'What the team’s own people are told of apps, without addresses.',
  Snooze: 'Ids of builds, groups, apps and accounts, and of the team’s own people.',
  Presence: 'Who of the team looks at what, for seconds.',
  MailServer: 'How mail leaves this installation.',
  AlertMark: 'Ids and instants.',
  IssueAlias: 'Hashes of functions.',
  IssueNumber: 'Numbers.',
  RuleApplied: 'Ids of issues and rules.',
  FeedbackExport: 'Ids of reports, for half an hour.',
  SymbolFile: 'Symbols of the app, and who of the team sent them.',
  Erasure: 'A hash that only the key of this installation can make; the address until all is done, sealed.',
  ErasedReport: 'What stands in place of what was erased.',
  ErasedTester: 'That nothing is kept of a tester’s id.',
  'AuditEntry.actorEmail': 'Who of the team did it.',
  'Job.createdByEmail': 'Who of the team made it.',
  'Issue.resolvedLabel': 'A build.',
  'Feedback.logTrouble': 'Our words.',
  'FeedbackPicture.trouble': 'Our words.',
  'JobItem.errorCode': 'A code.',
};
