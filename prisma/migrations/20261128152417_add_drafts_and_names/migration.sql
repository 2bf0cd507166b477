-- AlterTable
ALTER TABLE "auditEntries" ADD COLUMN "names" TEXT;

-- CreateTable
CREATE TABLE "drafts" (
    "userId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    PRIMARY KEY ("userId", "key")
);

-- CreateIndex
CREATE INDEX "drafts_updatedAt_idx" ON "drafts"("updatedAt");

-- CreateIndex
CREATE INDEX "auditEntries_jobId_seq_idx" ON "auditEntries"("jobId", "seq");

-- CreateIndex
CREATE INDEX "auditEntries_actorId_seq_idx" ON "auditEntries"("actorId", "seq");

-- What an entry calls things is part of what was intended: it is hashed, and may not be changed either.
DROP TRIGGER "auditEntries_intent";
CREATE TRIGGER "auditEntries_intent" BEFORE UPDATE OF "seq", "id", "at", "actorId", "actorEmail", "accountId", "appId", "action", "type",
  "resourceId", "label", "before", "names", "requestId", "jobId", "undoOf", "previousHash", "hash" ON "auditEntries" BEGIN
  SELECT RAISE(ABORT, 'The audit trail is append-only.');
END;
