-- AlterTable
ALTER TABLE "auditEntries" ADD COLUMN "redactedBy" TEXT;

-- CreateTable
CREATE TABLE "erasures" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "addressHash" TEXT NOT NULL,
    "pseudonym" TEXT NOT NULL,
    "sealedAddress" TEXT,
    "step" TEXT NOT NULL,
    "found" TEXT NOT NULL,
    "erased" TEXT NOT NULL DEFAULT '{}',
    "files" TEXT NOT NULL DEFAULT '[]',
    "auditId" TEXT NOT NULL,
    "auditHash" TEXT NOT NULL,
    "trouble" TEXT,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "finishedAt" BIGINT
);

-- CreateTable
CREATE TABLE "erasedReports" (
    "accountId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "erasureId" TEXT NOT NULL,
    "isWhole" INTEGER NOT NULL,
    "testerId" TEXT,
    "comment" TEXT,
    "commentWords" TEXT,
    "document" TEXT NOT NULL,

    PRIMARY KEY ("accountId", "feedbackId")
);

-- CreateTable
CREATE TABLE "erasedTesters" (
    "accountId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "erasureId" TEXT NOT NULL,

    PRIMARY KEY ("accountId", "testerId")
);

-- CreateIndex
CREATE INDEX "erasures_addressHash_idx" ON "erasures"("addressHash");

-- CreateIndex
CREATE INDEX "erasures_step_idx" ON "erasures"("step");

-- CreateIndex
CREATE INDEX "erasedReports_erasureId_idx" ON "erasedReports"("erasureId");

-- The trail stays append-only, but for one thing: a redaction, which stands in the trail and is under way, may take a
-- person out of what an older entry reads. What was done, when, by whom, and every hash stay.
DROP TRIGGER "auditEntries_intent";
CREATE TRIGGER "auditEntries_intent" BEFORE UPDATE OF "seq", "id", "at", "actorId", "actorEmail", "accountId", "appId", "action", "type",
  "resourceId", "requestId", "jobId", "undoOf", "previousHash", "hash" ON "auditEntries" BEGIN
  SELECT RAISE(ABORT, 'The audit trail is append-only.');
END;
DROP TRIGGER "auditEntries_outcome";
CREATE TRIGGER "auditEntries_outcome" BEFORE UPDATE ON "auditEntries"
WHEN OLD."status" NOT IN ('pending', 'unknown') AND (
  NEW."redactedBy" IS OLD."redactedBy" OR NEW."status" <> OLD."status" OR NEW."outcomeHash" IS NOT OLD."outcomeHash"
  OR NEW."finishedAt" IS NOT OLD."finishedAt" OR NEW."appleRequestId" IS NOT OLD."appleRequestId"
) BEGIN
  SELECT RAISE(ABORT, 'The outcome of this entry is already known.');
END;
-- Told first, so made last.
CREATE TRIGGER "auditEntries_labels" BEFORE UPDATE OF "label", "before", "names", "redactedBy" ON "auditEntries"
WHEN NEW."redactedBy" IS OLD."redactedBy" OR NOT EXISTS (
  SELECT 1 FROM "auditEntries" AS r WHERE r."id" = NEW."redactedBy" AND r."seq" > OLD."seq"
  AND r."type" = 'auditEntries' AND r."action" = 'redact' AND r."status" = 'pending'
) BEGIN
  SELECT RAISE(ABORT, 'The audit trail is append-only.');
END;
