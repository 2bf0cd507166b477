-- AlterTable
ALTER TABLE "feedback" ADD COLUMN     "appUptimeInMilliseconds" BIGINT,
ADD COLUMN     "architecture" TEXT COLLATE "C",
ADD COLUMN     "batteryPercentage" INTEGER,
ADD COLUMN     "connectionType" TEXT COLLATE "C",
ADD COLUMN     "crashKind" TEXT COLLATE "C",
ADD COLUMN     "deviceFamily" TEXT COLLATE "C",
ADD COLUMN     "devicePlatform" TEXT COLLATE "C",
ADD COLUMN     "diskBytesAvailable" BIGINT,
ADD COLUMN     "diskBytesTotal" BIGINT,
ADD COLUMN     "exceptionType" TEXT COLLATE "C",
ADD COLUMN     "isPlaced" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "isSymbolicated" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "issueHash" TEXT COLLATE "C",
ADD COLUMN     "issueId" TEXT COLLATE "C",
ADD COLUMN     "logAfter" BIGINT,
ADD COLUMN     "logAskedAt" BIGINT,
ADD COLUMN     "logState" TEXT COLLATE "C",
ADD COLUMN     "logTrouble" TEXT COLLATE "C",
ADD COLUMN     "pairedAppleWatch" TEXT COLLATE "C",
ADD COLUMN     "rule" INTEGER,
ADD COLUMN     "timeZone" TEXT COLLATE "C",
ADD COLUMN     "topFrame" TEXT COLLATE "C",
ADD COLUMN     "variantHash" TEXT COLLATE "C";

-- CreateTable
CREATE TABLE "issues" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "crashKind" TEXT COLLATE "C",
    "topFrame" TEXT COLLATE "C",
    "status" TEXT COLLATE "C" NOT NULL DEFAULT 'new',
    "assigneeId" TEXT COLLATE "C",
    "priority" INTEGER NOT NULL DEFAULT 0,
    "resolvedBuildId" TEXT COLLATE "C",
    "resolvedPlatform" TEXT COLLATE "C",
    "resolvedDate" TEXT COLLATE "C",
    "resolvedLabel" TEXT COLLATE "C",
    "duplicateOf" TEXT COLLATE "C",
    "snoozedUntil" BIGINT,
    "snoozedDate" TEXT COLLATE "C",
    "snoozedPlatform" TEXT COLLATE "C",
    "regressedAt" BIGINT,
    "regressedBuildId" TEXT COLLATE "C",
    "link" TEXT COLLATE "C",
    "reportCount" INTEGER NOT NULL DEFAULT 0,
    "testerCount" INTEGER NOT NULL DEFAULT 0,
    "firstDate" TEXT COLLATE "C",
    "lastDate" TEXT COLLATE "C",
    "mergedInto" TEXT COLLATE "C",
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "issues_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "issueAliases" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "issueId" TEXT COLLATE "C" NOT NULL,
    "rule" INTEGER NOT NULL,
    "source" TEXT COLLATE "C" NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "issueAliases_pkey" PRIMARY KEY ("accountId","appId","hash")
);

-- CreateTable
CREATE TABLE "issueLabels" (
    "issueId" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",

    CONSTRAINT "issueLabels_pkey" PRIMARY KEY ("issueId","label")
);

-- CreateTable
CREATE TABLE "issueNotes" (
    "id" TEXT COLLATE "C" NOT NULL,
    "issueId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C",
    "authorId" TEXT COLLATE "C" NOT NULL,
    "text" TEXT COLLATE "C" NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "deletedAt" BIGINT,

    CONSTRAINT "issueNotes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "issueId" TEXT COLLATE "C",
    "noteId" TEXT COLLATE "C",
    "byUserId" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "readAt" BIGINT,

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "crashLogs" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "bytes" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "symbols" BYTEA,
    "storedAt" BIGINT NOT NULL,

    CONSTRAINT "crashLogs_pkey" PRIMARY KEY ("accountId","feedbackId")
);

-- CreateTable
CREATE TABLE "archivedFiles" (
    "hash" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "size" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "place" TEXT COLLATE "C" NOT NULL,
    "thumbHash" TEXT COLLATE "C",
    "storedAt" BIGINT NOT NULL,

    CONSTRAINT "archivedFiles_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "feedbackPictures" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "trouble" TEXT COLLATE "C",
    "hash" TEXT COLLATE "C",
    "width" INTEGER,
    "height" INTEGER,
    "expiresAt" BIGINT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "tryAfter" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "feedbackPictures_pkey" PRIMARY KEY ("accountId","feedbackId","position")
);

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

-- CreateIndex
CREATE INDEX "feedback_createdDate_id_idx" ON "feedback"("createdDate", "id");

-- CreateIndex
CREATE INDEX "feedback_issueId_createdDate_idx" ON "feedback"("issueId", "createdDate");

-- CreateIndex
CREATE INDEX "feedback_logState_createdDate_idx" ON "feedback"("logState", "createdDate");

-- What Apple has told of the feedback that is here.
UPDATE "feedback" SET
  "devicePlatform" = "document"::json ->> 'devicePlatform',
  "deviceFamily" = "document"::json ->> 'deviceFamily',
  "architecture" = "document"::json ->> 'architecture',
  "timeZone" = "document"::json ->> 'timeZone',
  "connectionType" = "document"::json ->> 'connectionType',
  "pairedAppleWatch" = "document"::json ->> 'pairedAppleWatch',
  "batteryPercentage" = CASE WHEN "document"::json ->> 'batteryPercentage' ~ '^-?[0-9]{1,9}$' THEN ("document"::json ->> 'batteryPercentage')::int END,
  "diskBytesAvailable" = CASE WHEN "document"::json ->> 'diskBytesAvailable' ~ '^-?[0-9]{1,18}$' THEN ("document"::json ->> 'diskBytesAvailable')::bigint END,
  "diskBytesTotal" = CASE WHEN "document"::json ->> 'diskBytesTotal' ~ '^-?[0-9]{1,18}$' THEN ("document"::json ->> 'diskBytesTotal')::bigint END,
  "appUptimeInMilliseconds" = CASE WHEN "document"::json ->> 'appUptimeInMilliseconds' ~ '^-?[0-9]{1,18}$' THEN ("document"::json ->> 'appUptimeInMilliseconds')::bigint END;
