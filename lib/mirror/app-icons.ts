import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

/** An app's icon as a picture, or the note that it could not be had. */
export interface AppIcon {
  readonly accountId: string;
  readonly appId: string;
  /** Apple's address with the placeholders `{w}`, `{h}` and `{f}`. */
  readonly templateUrl: string;
  readonly picture: { readonly contentType: string; readonly bytes: Uint8Array } | null;
}

const TRY_AGAIN_MS = 86_400_000;

interface Missing {
  readonly appId: string;
  readonly templateUrl: string;
}

const missing = shape(
  (_, given: { accountId: string; before: number }) => sql<Missing>`SELECT n."appId", n."templateUrl" FROM (
       SELECT a."accountId", a."id" AS "appId", (SELECT b."iconTemplateUrl" FROM "builds" AS b
         WHERE b."accountId" = a."accountId" AND b."appId" = a."id" AND b."iconTemplateUrl" IS NOT NULL
         ORDER BY b."uploadedDate" DESC NULLS LAST LIMIT 1) AS "templateUrl"
       FROM "apps" AS a WHERE a."accountId" = ${given.accountId}) AS n
     LEFT JOIN "appIcons" AS i ON i."accountId" = n."accountId" AND i."appId" = n."appId"
     WHERE n."templateUrl" IS NOT NULL
       AND (i."appId" IS NULL OR i."templateUrl" <> n."templateUrl" OR (i."bytes" IS NULL AND i."fetchedAt" < ${given.before}))
     ORDER BY n."appId"`,
);

/** The apps of an account whose newest build with an icon shows another than the one kept; `now` in ms since 1970. */
export async function missingIcons(db: Store, accountId: string, now: number): Promise<Missing[]> {
  return db.read(missing({ accountId, before: now - TRY_AGAIN_MS }));
}

const kept = shape(
  (
    build,
    given: Omit<AppIcon, 'picture'> & { contentType: string | null; bytes: Buffer | null; now: number },
  ) => {
    const { accountId, appId, templateUrl, contentType, bytes, now: fetchedAt } = given;
    return build
      .insertInto('appIcons')
      .values({ accountId, appId, templateUrl, contentType, bytes, fetchedAt })
      .onConflict((conflict) =>
        conflict.columns(['accountId', 'appId']).doUpdateSet(({ ref }) => ({
          templateUrl: ref('excluded.templateUrl'),
          contentType: ref('excluded.contentType'),
          bytes: ref('excluded.bytes'),
          fetchedAt: ref('excluded.fetchedAt'),
        })),
      );
  },
);

/** Keeps an icon, or that there is none to be had for now. */
export function iconStatement({ picture, ...icon }: AppIcon, now: number): Write {
  const bytes = picture ? Buffer.from(picture.bytes) : null;
  return kept({ ...icon, contentType: picture?.contentType ?? null, bytes, now });
}

const pictures = shape((build, given: { accountId: string; appId: string }) =>
  build
    .selectFrom('appIcons')
    .select(['contentType', 'bytes'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('bytes', 'is not', null),
);

/** The picture of an app's icon in an account; null when none is kept. */
export async function readIcon(db: Store, accountId: string, appId: string): Promise<AppIcon['picture']> {
  const [icon] = await db.read(pictures({ accountId, appId }));
  return icon?.bytes ? { contentType: icon.contentType ?? '', bytes: icon.bytes } : null;
}

const versions = shape((build, _given: object) =>
  build.selectFrom('appIcons').select(['accountId', 'appId', 'fetchedAt']).where('bytes', 'is not', null),
);

/** `<account> <app>` → a word that changes with the picture; apps without a picture are left out. */
export async function iconVersions(db: Store): Promise<Map<string, string>> {
  const rows = await db.read(versions({}));
  return new Map(
    rows.map(({ accountId, appId, fetchedAt }) => [`${accountId} ${appId}`, fetchedAt.toString(36)]),
  );
}
