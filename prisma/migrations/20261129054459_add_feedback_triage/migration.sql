-- CreateTable
CREATE TABLE "issues" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "crashKind" TEXT,
    "topFrame" TEXT,
    "status" TEXT NOT NULL DEFAULT 'new',
    "assigneeId" TEXT,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "resolvedBuildId" TEXT,
    "resolvedPlatform" TEXT,
    "resolvedDate" TEXT,
    "resolvedLabel" TEXT,
    "duplicateOf" TEXT,
    "snoozedUntil" BIGINT,
    "snoozedDate" TEXT,
    "snoozedPlatform" TEXT,
    "regressedAt" BIGINT,
    "regressedBuildId" TEXT,
    "link" TEXT,
    "reportCount" INTEGER NOT NULL DEFAULT 0,
    "testerCount" INTEGER NOT NULL DEFAULT 0,
    "firstDate" TEXT,
    "lastDate" TEXT,
    "mergedInto" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT
);

-- CreateTable
CREATE TABLE "issueAliases" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "issueId" TEXT NOT NULL,
    "rule" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "appId", "hash")
);

-- CreateTable
CREATE TABLE "issueLabels" (
    "issueId" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,

    PRIMARY KEY ("issueId", "label")
);

-- CreateTable
CREATE TABLE "issueNotes" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "issueId" TEXT NOT NULL,
    "feedbackId" TEXT,
    "authorId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "deletedAt" BIGINT
);

-- CreateTable
CREATE TABLE "notices" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "issueId" TEXT,
    "noteId" TEXT,
    "byUserId" TEXT,
    "createdAt" BIGINT NOT NULL,
    "readAt" BIGINT
);

-- CreateTable
CREATE TABLE "crashLogs" (
    "accountId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "bytes" BLOB NOT NULL,
    "size" INTEGER NOT NULL,
    "symbols" BLOB,
    "storedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "feedbackId")
);

-- CreateTable
CREATE TABLE "archivedFiles" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "place" TEXT NOT NULL,
    "thumbHash" TEXT,
    "storedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "feedbackPictures" (
    "accountId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "trouble" TEXT,
    "hash" TEXT,
    "width" INTEGER,
    "height" INTEGER,
    "expiresAt" BIGINT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "tryAfter" BIGINT NOT NULL DEFAULT 0,

    PRIMARY KEY ("accountId", "feedbackId", "position")
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_feedback" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "buildId" TEXT,
    "testerId" TEXT,
    "createdDate" TEXT,
    "comment" TEXT,
    "email" TEXT,
    "deviceModel" TEXT,
    "osVersion" TEXT,
    "locale" TEXT,
    "appPlatform" TEXT,
    "devicePlatform" TEXT,
    "deviceFamily" TEXT,
    "architecture" TEXT,
    "timeZone" TEXT,
    "connectionType" TEXT,
    "pairedAppleWatch" TEXT,
    "batteryPercentage" INTEGER,
    "diskBytesAvailable" BIGINT,
    "diskBytesTotal" BIGINT,
    "appUptimeInMilliseconds" BIGINT,
    "document" TEXT NOT NULL,
    "goneAt" BIGINT,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,
    "issueId" TEXT,
    "isPlaced" BOOLEAN NOT NULL DEFAULT false,
    "logState" TEXT,
    "logAskedAt" BIGINT,
    "logAfter" BIGINT,
    "logTrouble" TEXT,
    "rule" INTEGER,
    "issueHash" TEXT,
    "variantHash" TEXT,
    "exceptionType" TEXT,
    "crashKind" TEXT,
    "topFrame" TEXT,
    "isSymbolicated" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("accountId", "id")
);
INSERT INTO "new_feedback" ("accountId", "appId", "appPlatform", "buildId", "comment", "createdDate", "deviceModel", "document", "email", "fetchedAt", "generation", "goneAt", "id", "locale", "osVersion", "testerId", "type") SELECT "accountId", "appId", "appPlatform", "buildId", "comment", "createdDate", "deviceModel", "document", "email", "fetchedAt", "generation", "goneAt", "id", "locale", "osVersion", "testerId", "type" FROM "feedback";
DROP TABLE "feedback";
ALTER TABLE "new_feedback" RENAME TO "feedback";
CREATE INDEX "feedback_accountId_appId_type_createdDate_idx" ON "feedback"("accountId", "appId", "type", "createdDate");
CREATE INDEX "feedback_accountId_testerId_idx" ON "feedback"("accountId", "testerId");
CREATE INDEX "feedback_accountId_buildId_idx" ON "feedback"("accountId", "buildId");
CREATE INDEX "feedback_createdDate_id_idx" ON "feedback"("createdDate", "id");
CREATE INDEX "feedback_issueId_createdDate_idx" ON "feedback"("issueId", "createdDate");
CREATE INDEX "feedback_logState_createdDate_idx" ON "feedback"("logState", "createdDate");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "issues_accountId_appId_status_idx" ON "issues"("accountId", "appId", "status");

-- CreateIndex
CREATE INDEX "issues_status_lastDate_idx" ON "issues"("status", "lastDate");

-- CreateIndex
CREATE INDEX "issues_assigneeId_idx" ON "issues"("assigneeId");

-- CreateIndex
CREATE INDEX "issueAliases_issueId_idx" ON "issueAliases"("issueId");

-- CreateIndex
CREATE INDEX "issueLabels_label_idx" ON "issueLabels"("label");

-- CreateIndex
CREATE INDEX "issueNotes_issueId_createdAt_idx" ON "issueNotes"("issueId", "createdAt");

-- CreateIndex
CREATE INDEX "notices_userId_createdAt_idx" ON "notices"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "feedbackPictures_state_tryAfter_idx" ON "feedbackPictures"("state", "tryAfter");

-- CreateIndex
CREATE INDEX "feedbackPictures_hash_idx" ON "feedbackPictures"("hash");

-- What Apple has told of the feedback that is here.
UPDATE "feedback" SET
  "devicePlatform" = json_extract("document", '$.devicePlatform'),
  "deviceFamily" = json_extract("document", '$.deviceFamily'),
  "architecture" = json_extract("document", '$.architecture'),
  "timeZone" = json_extract("document", '$.timeZone'),
  "connectionType" = json_extract("document", '$.connectionType'),
  "pairedAppleWatch" = json_extract("document", '$.pairedAppleWatch'),
  "batteryPercentage" = CAST(json_extract("document", '$.batteryPercentage') AS INTEGER),
  "diskBytesAvailable" = CAST(json_extract("document", '$.diskBytesAvailable') AS INTEGER),
  "diskBytesTotal" = CAST(json_extract("document", '$.diskBytesTotal') AS INTEGER),
  "appUptimeInMilliseconds" = CAST(json_extract("document", '$.appUptimeInMilliseconds') AS INTEGER);
