-- Mirror tables are made anew and filled by the next sync; no record is touched.
DELETE FROM "syncScopes";

-- AlterTable
ALTER TABLE "apps" ADD COLUMN "relationships" TEXT;

-- AlterTable
ALTER TABLE "betaGroups" ADD COLUMN "relationships" TEXT;

-- AlterTable
ALTER TABLE "builds" ADD COLUMN "betaDetail" TEXT;
ALTER TABLE "builds" ADD COLUMN "betaReview" TEXT;
ALTER TABLE "builds" ADD COLUMN "relationships" TEXT;
ALTER TABLE "builds" ADD COLUMN "trainKey" TEXT;
ALTER TABLE "builds" ADD COLUMN "versionKey" TEXT;

-- AlterTable
ALTER TABLE "preReleaseVersions" ADD COLUMN "versionKey" TEXT;

-- AlterTable
ALTER TABLE "syncRequests" ADD COLUMN "runId" TEXT;

-- AlterTable
ALTER TABLE "syncRuns" ADD COLUMN "budgetAt" BIGINT;
ALTER TABLE "syncRuns" ADD COLUMN "budgetLimit" INTEGER;
ALTER TABLE "syncRuns" ADD COLUMN "budgetRemaining" INTEGER;
ALTER TABLE "syncRuns" ADD COLUMN "waitingUntil" BIGINT;

-- AlterTable
ALTER TABLE "syncScopes" ADD COLUMN "updatedAt" BIGINT;

-- CreateTable
CREATE TABLE "betaTesterCounts" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    PRIMARY KEY ("accountId", "appId", "state")
);

-- CreateTable
CREATE TABLE "tombstones" (
    "accountId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "type", "id")
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_betaBuildLocalizations" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "locale" TEXT,
    "whatsNew" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);
DROP TABLE "betaBuildLocalizations";
ALTER TABLE "new_betaBuildLocalizations" RENAME TO "betaBuildLocalizations";
CREATE INDEX "betaBuildLocalizations_accountId_buildId_idx" ON "betaBuildLocalizations"("accountId", "buildId");
CREATE TABLE "new_betaGroupTesters" (
    "accountId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "groupId", "testerId")
);
DROP TABLE "betaGroupTesters";
ALTER TABLE "new_betaGroupTesters" RENAME TO "betaGroupTesters";
CREATE INDEX "betaGroupTesters_accountId_appId_testerId_idx" ON "betaGroupTesters"("accountId", "appId", "testerId");
CREATE TABLE "new_betaTesters" (
    "rowKey" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "firstName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "emailLower" TEXT,
    "nameLower" TEXT,
    "inviteType" TEXT,
    "state" TEXT,
    "appDevices" TEXT,
    "deviceModel" TEXT,
    "osVersion" TEXT,
    "installedBuild" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL
);
DROP TABLE "betaTesters";
ALTER TABLE "new_betaTesters" RENAME TO "betaTesters";
CREATE INDEX "betaTesters_accountId_appId_state_idx" ON "betaTesters"("accountId", "appId", "state");
CREATE INDEX "betaTesters_accountId_appId_nameLower_emailLower_idx" ON "betaTesters"("accountId", "appId", "nameLower", "emailLower");
CREATE INDEX "betaTesters_accountId_appId_emailLower_idx" ON "betaTesters"("accountId", "appId", "emailLower");
CREATE UNIQUE INDEX "betaTesters_accountId_appId_id_key" ON "betaTesters"("accountId", "appId", "id");
CREATE TABLE "new_buildGroups" (
    "accountId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "groupId")
);
DROP TABLE "buildGroups";
ALTER TABLE "new_buildGroups" RENAME TO "buildGroups";
CREATE INDEX "buildGroups_accountId_groupId_idx" ON "buildGroups"("accountId", "groupId");
CREATE TABLE "new_buildTesters" (
    "accountId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "testerId")
);
DROP TABLE "buildTesters";
ALTER TABLE "new_buildTesters" RENAME TO "buildTesters";
CREATE INDEX "buildTesters_accountId_testerId_idx" ON "buildTesters"("accountId", "testerId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;


-- What Prisma cannot describe. A migration that makes betaTesters anew must make these again.
CREATE TRIGGER "betaTesters_count_insert" AFTER INSERT ON "betaTesters" BEGIN
  INSERT INTO "betaTesterCounts" ("accountId", "appId", "state", "count")
  VALUES (new."accountId", new."appId", coalesce(new."state", ''), 1)
  ON CONFLICT DO UPDATE SET "count" = "count" + 1;
END;
CREATE TRIGGER "betaTesters_count_update" AFTER UPDATE OF "state" ON "betaTesters" WHEN old."state" IS NOT new."state" BEGIN
  UPDATE "betaTesterCounts" SET "count" = "count" - 1
  WHERE "accountId" = old."accountId" AND "appId" = old."appId" AND "state" = coalesce(old."state", '');
  INSERT INTO "betaTesterCounts" ("accountId", "appId", "state", "count")
  VALUES (new."accountId", new."appId", coalesce(new."state", ''), 1)
  ON CONFLICT DO UPDATE SET "count" = "count" + 1;
END;
CREATE TRIGGER "betaTesters_count_delete" AFTER DELETE ON "betaTesters" BEGIN
  UPDATE "betaTesterCounts" SET "count" = "count" - 1
  WHERE "accountId" = old."accountId" AND "appId" = old."appId" AND "state" = coalesce(old."state", '');
END;

-- Search across apps. The name stands twice, so that "first last" and "last first" are both found.
CREATE VIRTUAL TABLE "testerSearch" USING fts5(text, content='', contentless_delete=1, tokenize='trigram');
CREATE TRIGGER "betaTesters_search_insert" AFTER INSERT ON "betaTesters" BEGIN
  INSERT INTO "testerSearch" (rowid, text)
  VALUES (new."rowKey", coalesce(new."nameLower" || ' ' || new."nameLower" || ' ', '') || coalesce(new."emailLower", ''));
END;
CREATE TRIGGER "betaTesters_search_update" AFTER UPDATE OF "nameLower", "emailLower" ON "betaTesters"
WHEN old."nameLower" IS NOT new."nameLower" OR old."emailLower" IS NOT new."emailLower" BEGIN
  DELETE FROM "testerSearch" WHERE rowid = old."rowKey";
  INSERT INTO "testerSearch" (rowid, text)
  VALUES (new."rowKey", coalesce(new."nameLower" || ' ' || new."nameLower" || ' ', '') || coalesce(new."emailLower", ''));
END;
CREATE TRIGGER "betaTesters_search_delete" AFTER DELETE ON "betaTesters" BEGIN
  DELETE FROM "testerSearch" WHERE rowid = old."rowKey";
END;
