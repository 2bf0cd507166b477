import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ResourceObject } from '../resource';

type Meta = Record<string, unknown>;

const keyOf = ({ id, meta }: ResourceObject): string => `${meta?.accountId} ${meta?.appId} ${id}`;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface IssueRow {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  /** What people call a crash issue: #128. */
  readonly number: number | null;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly status: string;
  readonly assigneeId: string | null;
  readonly assigneeName: string | null;
  readonly priority: number;
  readonly resolvedLabel: string | null;
  readonly snoozedUntil: number | null;
  readonly snoozedDate: string | null;
  readonly regressedAt: number | null;
  readonly reportCount: number;
  readonly version: number;
  readonly link: string | null;
}

interface DuplicateRow {
  readonly duplicateOf: string | null;
  readonly duplicateTitle: string | null;
  readonly duplicateKind: string | null;
  readonly duplicateFrame: string | null;
}

/** What a line of a list says of an issue. */
export interface IssueTold extends IssueRow {
  readonly labels: readonly string[];
  /** Of which it is one; what that one is called stands in these. */
  readonly duplicate: {
    readonly id: string;
    readonly title: string;
    readonly crashKind: string | null;
    readonly topFrame: string | null;
  } | null;
}

const issueRows = shape(
  (_, given: { ids: readonly string[] }, dialect) =>
    sql<
      IssueRow & DuplicateRow
    >`SELECT i."id", i."kind", i."title", i."number", i."crashKind", i."topFrame", i."status", i."assigneeId", coalesce(u."name", u."email") AS "assigneeName",
        i."priority", i."resolvedLabel", i."snoozedUntil", i."snoozedDate", i."regressedAt", i."reportCount", i."version", i."link",
        d."id" AS "duplicateOf", d."title" AS "duplicateTitle", d."crashKind" AS "duplicateKind", d."topFrame" AS "duplicateFrame"
      FROM "issues" AS i LEFT JOIN "users" AS u ON u."id" = i."assigneeId"
      LEFT JOIN "issues" AS d ON d."id" = i."duplicateOf"
      WHERE ${dialect.among(sql`i."id"`, given.ids)}`,
);
const labelRows = shape(
  (_, given: { ids: readonly string[] }, dialect) =>
    sql<{ issueId: string; label: string }>`SELECT l."issueId", l."label" FROM "issueLabels" AS l
      WHERE ${dialect.among(sql`l."issueId"`, given.ids)} ORDER BY l."label"`,
);

/** Issues by their ids, as lists tell them. */
export async function issuesTold(db: Store, wanted: readonly string[]): Promise<Map<string, IssueTold>> {
  const ids = [...new Set(wanted.filter((id) => id !== ''))];
  if (ids.length === 0) return new Map();
  const labels = new Map<string, string[]>();
  for (const { issueId, label } of await db.read(labelRows({ ids })))
    labels.set(issueId, [...(labels.get(issueId) ?? []), label]);
  const rows = await db.read(issueRows({ ids }));
  return new Map(
    rows.map(({ duplicateOf, duplicateTitle, duplicateKind, duplicateFrame, ...row }) => [
      row.id,
      {
        ...row,
        labels: labels.get(row.id) ?? [],
        duplicate:
          duplicateOf === null
            ? null
            : {
                ...{ id: duplicateOf, title: duplicateTitle ?? '' },
                ...{ crashKind: duplicateKind, topFrame: duplicateFrame },
              },
      },
    ]),
  );
}

interface Wanted {
  readonly rows: readonly (readonly string[])[];
}

const builds = shape(
  (_, given: Wanted, dialect) =>
    sql<{
      account: string;
      id: string;
      version: string | null;
      trainVersion: string | null;
      platform: string | null;
    }>`
      SELECT k."account", k."id", b."version", b."trainVersion", b."platform"
      FROM ${dialect.listed(given.rows, ['account', 'id'])} AS k
      JOIN "builds" AS b ON b."accountId" = k."account" AND b."id" = k."id"`,
);
const testers = shape(
  (_, given: Wanted, dialect) =>
    sql<{
      account: string;
      app: string;
      id: string;
      firstName: string | null;
      lastName: string | null;
      email: string | null;
    }>`
      SELECT k."account", k."app", k."id", p."firstName", p."lastName", p."email"
      FROM ${dialect.listed(given.rows, ['account', 'app', 'id'])} AS k
      JOIN "betaTesters" AS p ON p."accountId" = k."account" AND p."appId" = k."app" AND p."id" = k."id"`,
);
const pictures = shape(
  (_, given: Wanted, dialect) =>
    sql<{ account: string; id: string; state: string; count: number }>`
      SELECT k."account", k."id", p."state", COUNT(*) AS "count"
      FROM ${dialect.listed(given.rows, ['account', 'id'])} AS k
      JOIN "feedbackPictures" AS p ON p."accountId" = k."account" AND p."feedbackId" = k."id"
      GROUP BY k."account", k."id", p."state"`,
);

/** Build, tester, state and pictures of each report. */
export async function feedbackAdditions(
  db: Store,
  resources: readonly ResourceObject[],
): Promise<Map<string, Meta>> {
  const of = (...names: readonly string[]) =>
    resources.flatMap(({ meta, attributes }) => {
      const row = names.map((name) => text(name in (meta ?? {}) ? meta?.[name] : attributes?.[name]));
      return row.includes('') ? [] : [row];
    });
  const [issues, built, people, shots] = await Promise.all([
    issuesTold(
      db,
      resources.map(({ attributes }) => text(attributes?.issueId)),
    ),
    db.read(builds({ rows: of('accountId', 'buildId') })),
    db.read(testers({ rows: of('accountId', 'appId', 'testerId') })),
    db.read(pictures({ rows: resources.map(({ id, meta }) => [text(meta?.accountId), id]) })),
  ]);
  const build = new Map(built.map(({ account, id, ...rest }) => [`${account} ${id}`, { id, ...rest }]));
  const person = new Map(people.map(({ account, app, id, ...rest }) => [`${account} ${app} ${id}`, rest]));
  const shot = new Map<string, Record<string, number>>();
  for (const { account, id, state, count } of shots)
    shot.set(`${account} ${id}`, { ...shot.get(`${account} ${id}`), [state]: count });
  return new Map(
    resources.map((resource) => {
      const { id, meta, attributes } = resource;
      const account = text(meta?.accountId);
      return [
        keyOf(resource),
        {
          issue: issues.get(text(attributes?.issueId)) ?? null,
          build: build.get(`${account} ${text(attributes?.buildId)}`) ?? null,
          tester: person.get(`${account} ${meta?.appId} ${text(attributes?.testerId)}`) ?? null,
          pictures: shot.get(`${account} ${id}`) ?? {},
        },
      ];
    }),
  );
}

/** Labels and who has it, of each issue. */
export async function issueAdditions(
  db: Store,
  resources: readonly ResourceObject[],
): Promise<Map<string, Meta>> {
  const told = await issuesTold(
    db,
    resources.map(({ id }) => id),
  );
  return new Map(resources.map((resource) => [keyOf(resource), { issue: told.get(resource.id) ?? null }]));
}
