-- DropIndex
DROP INDEX "feedback_rule_idx";

-- AlterTable
ALTER TABLE "feedback" ADD COLUMN "picturesNoted" TEXT;

-- CreateIndex
CREATE INDEX "archivedFiles_thumbHash_storedAt_idx" ON "archivedFiles"("thumbHash", "storedAt");

-- CreateIndex
CREATE INDEX "feedback_accountId_rule_issueId_idx" ON "feedback"("accountId", "rule", "issueId");

-- CreateIndex
CREATE INDEX "feedback_type_picturesNoted_idx" ON "feedback"("type", "picturesNoted");

-- CreateIndex
CREATE INDEX "issues_accountId_snoozedDate_idx" ON "issues"("accountId", "snoozedDate");

-- CreateIndex
CREATE INDEX "issues_duplicateOf_idx" ON "issues"("duplicateOf");

-- CreateIndex
CREATE INDEX "issues_mergedInto_idx" ON "issues"("mergedInto");
