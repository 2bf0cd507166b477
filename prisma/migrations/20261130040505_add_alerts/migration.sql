-- AlterTable
ALTER TABLE "groupDays" ADD COLUMN "isLinkOn" BOOLEAN;

-- AlterTable
ALTER TABLE "notices" ADD COLUMN "path" TEXT;
ALTER TABLE "notices" ADD COLUMN "words" TEXT;

-- CreateTable
CREATE TABLE "mailServers" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "security" TEXT NOT NULL,
    "isInternal" BOOLEAN NOT NULL DEFAULT false,
    "login" TEXT,
    "sealedPassword" TEXT NOT NULL DEFAULT '',
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "fromAddress" TEXT NOT NULL,
    "fromName" TEXT NOT NULL DEFAULT 'Flightdeck',
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT
);

-- CreateTable
CREATE TABLE "alertRules" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "accountId" TEXT,
    "appId" TEXT,
    "threshold" INTEGER,
    "least" INTEGER,
    "channels" TEXT NOT NULL,
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "since" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "alertSettings" (
    "userId" TEXT NOT NULL PRIMARY KEY,
    "timeZone" TEXT NOT NULL,
    "isQuiet" BOOLEAN NOT NULL DEFAULT false,
    "quietFrom" TEXT NOT NULL DEFAULT '22:00',
    "quietTo" TEXT NOT NULL DEFAULT '07:00',
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "alertMarks" (
    "ruleId" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "isOver" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("ruleId", "subject")
);

-- CreateTable
CREATE TABLE "alertSendings" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "fact" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "accountId" TEXT,
    "appId" TEXT,
    "words" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "messageId" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "notBefore" BIGINT NOT NULL,
    "sendingAt" BIGINT,
    "mayRepeat" BOOLEAN NOT NULL DEFAULT false,
    "trouble" TEXT,
    "createdAt" BIGINT NOT NULL,
    "doneAt" BIGINT
);

-- CreateTable
CREATE TABLE "channelTroubles" (
    "channel" TEXT NOT NULL PRIMARY KEY,
    "since" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "trouble" TEXT NOT NULL
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_connectors" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "baseUrl" TEXT NOT NULL,
    "isInternal" BOOLEAN NOT NULL DEFAULT false,
    "project" TEXT,
    "itemType" TEXT,
    "login" TEXT,
    "sealedSecret" TEXT NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "accountId" TEXT,
    "appId" TEXT,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "doesResolve" BOOLEAN NOT NULL DEFAULT false,
    "takesAlerts" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "removedAt" BIGINT
);
INSERT INTO "new_connectors" ("accountId", "appId", "baseUrl", "body", "createdAt", "createdBy", "doesResolve", "id", "isInternal", "itemType", "keyVersion", "kind", "login", "name", "project", "removedAt", "sealedSecret", "title", "updatedAt") SELECT "accountId", "appId", "baseUrl", "body", "createdAt", "createdBy", "doesResolve", "id", "isInternal", "itemType", "keyVersion", "kind", "login", "name", "project", "removedAt", "sealedSecret", "title", "updatedAt" FROM "connectors";
DROP TABLE "connectors";
ALTER TABLE "new_connectors" RENAME TO "connectors";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "alertRules_userId_idx" ON "alertRules"("userId");

-- CreateIndex
CREATE INDEX "alertSendings_state_notBefore_idx" ON "alertSendings"("state", "notBefore");

-- CreateIndex
CREATE INDEX "alertSendings_userId_createdAt_idx" ON "alertSendings"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "alertSendings_createdAt_idx" ON "alertSendings"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "alertSendings_recipient_channel_fact_key" ON "alertSendings"("recipient", "channel", "fact");
