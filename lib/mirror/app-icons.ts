import type { Database, Write } from '@/lib/store/database';

/** An app's icon as a picture, or the note that it could not be had. */
export interface AppIcon {
  readonly accountId: string;
  readonly appId: string;
  /** Apple's address with the placeholders `{w}`, `{h}` and `{f}`. */
  readonly templateUrl: string;
  readonly picture: { readonly contentType: string; readonly bytes: Uint8Array } | null;
}

const TRY_AGAIN_MS = 86_400_000;

/** The apps of an account whose newest build with an icon shows another than the one kept; `now` in ms since 1970. */
export async function missingIcons(
  db: Database,
  accountId: string,
  now: number,
): Promise<{ readonly appId: string; readonly templateUrl: string }[]> {
  return db.query(
    `SELECT n."appId", n."templateUrl" FROM (
       SELECT a."id" AS appId, (SELECT b."iconTemplateUrl" FROM "builds" AS b
         WHERE b."accountId" = a."accountId" AND b."appId" = a."id" AND b."iconTemplateUrl" IS NOT NULL
         ORDER BY b."uploadedDate" DESC LIMIT 1) AS templateUrl
       FROM "apps" AS a WHERE a."accountId" = ?) AS n
     LEFT JOIN "appIcons" AS i ON i."accountId" = ? AND i."appId" = n."appId"
     WHERE n."templateUrl" IS NOT NULL
       AND (i."appId" IS NULL OR i."templateUrl" <> n."templateUrl" OR (i."bytes" IS NULL AND i."fetchedAt" < ?))`,
    [accountId, accountId, now - TRY_AGAIN_MS],
  );
}

/** Keeps an icon, or that there is none to be had for now. */
export function iconStatement({ accountId, appId, templateUrl, picture }: AppIcon, now: number): Write {
  return {
    sql: `INSERT INTO "appIcons" ("accountId", "appId", "templateUrl", "contentType", "bytes", "fetchedAt")
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT ("accountId", "appId") DO UPDATE SET "templateUrl" = excluded."templateUrl",
      "contentType" = excluded."contentType", "bytes" = excluded."bytes", "fetchedAt" = excluded."fetchedAt"`,
    params: [accountId, appId, templateUrl, picture?.contentType ?? null, picture?.bytes ?? null, now],
  };
}

/** The picture of an app's icon in an account; null when none is kept. */
export async function readIcon(db: Database, accountId: string, appId: string): Promise<AppIcon['picture']> {
  const [icon = null] = await db.query<NonNullable<AppIcon['picture']>>(
    'SELECT "contentType", "bytes" FROM "appIcons" WHERE "accountId" = ? AND "appId" = ? AND "bytes" IS NOT NULL',
    [accountId, appId],
  );
  return icon;
}

/** `<account> <app>` → a word that changes with the picture; apps without a picture are left out. */
export async function iconVersions(db: Database): Promise<Map<string, string>> {
  const rows = await db.query<{ accountId: string; appId: string; fetchedAt: number }>(
    'SELECT "accountId", "appId", "fetchedAt" FROM "appIcons" WHERE "bytes" IS NOT NULL',
  );
  return new Map(
    rows.map(({ accountId, appId, fetchedAt }) => [`${accountId} ${appId}`, fetchedAt.toString(36)]),
  );
}
