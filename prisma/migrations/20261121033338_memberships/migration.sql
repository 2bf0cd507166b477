-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_betaGroupTesters" (
    "accountId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "groupId", "testerId")
);
INSERT INTO "new_betaGroupTesters" ("accountId", "appId", "fetchedAt", "groupId", "testerId") SELECT "accountId", "appId", "fetchedAt", "groupId", "testerId" FROM "betaGroupTesters";
DROP TABLE "betaGroupTesters";
ALTER TABLE "new_betaGroupTesters" RENAME TO "betaGroupTesters";
CREATE INDEX "betaGroupTesters_accountId_appId_testerId_idx" ON "betaGroupTesters"("accountId", "appId", "testerId");
CREATE TABLE "new_buildGroups" (
    "accountId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "groupId")
);
INSERT INTO "new_buildGroups" ("accountId", "appId", "buildId", "fetchedAt", "groupId") SELECT "accountId", "appId", "buildId", "fetchedAt", "groupId" FROM "buildGroups";
DROP TABLE "buildGroups";
ALTER TABLE "new_buildGroups" RENAME TO "buildGroups";
CREATE INDEX "buildGroups_accountId_groupId_idx" ON "buildGroups"("accountId", "groupId");
CREATE TABLE "new_buildTesters" (
    "accountId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "testerId")
);
INSERT INTO "new_buildTesters" ("accountId", "appId", "buildId", "fetchedAt", "testerId") SELECT "accountId", "appId", "buildId", "fetchedAt", "testerId" FROM "buildTesters";
DROP TABLE "buildTesters";
ALTER TABLE "new_buildTesters" RENAME TO "buildTesters";
CREATE INDEX "buildTesters_accountId_testerId_idx" ON "buildTesters"("accountId", "testerId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
