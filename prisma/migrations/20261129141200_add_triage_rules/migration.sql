-- CreateTable
CREATE TABLE "issueNumbers" (
    "accountId" TEXT NOT NULL PRIMARY KEY,
    "last" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "triageRules" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "accountId" TEXT,
    "appId" TEXT,
    "label" TEXT,
    "frame" TEXT,
    "assigneeId" TEXT,
    "priority" INTEGER,
    "addLabel" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT
);

-- CreateTable
CREATE TABLE "rulesApplied" (
    "issueId" TEXT NOT NULL,
    "ruleId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("issueId", "ruleId")
);

-- CreateTable
CREATE TABLE "crashFrames" (
    "accountId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "frames" TEXT NOT NULL,

    PRIMARY KEY ("accountId", "feedbackId")
);

-- CreateTable
CREATE TABLE "savedReplies" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT
);

-- CreateTable
CREATE TABLE "feedbackDrawings" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT NOT NULL
);

-- AlterTable
ALTER TABLE "issues" ADD COLUMN "number" INTEGER;
ALTER TABLE "issues" ADD COLUMN "areRulesDue" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "issues" ADD COLUMN "isAssignedByHand" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "issues" ADD COLUMN "isPrioritisedByHand" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "issues_accountId_areRulesDue_idx" ON "issues"("accountId", "areRulesDue");

-- CreateIndex
CREATE UNIQUE INDEX "issues_accountId_kind_number_key" ON "issues"("accountId", "kind", "number");

-- CreateIndex
CREATE INDEX "rulesApplied_ruleId_idx" ON "rulesApplied"("ruleId");

-- CreateIndex
CREATE INDEX "feedbackDrawings_accountId_feedbackId_position_idx" ON "feedbackDrawings"("accountId", "feedbackId", "position");

-- CreateIndex
CREATE INDEX "feedbackDrawings_hash_idx" ON "feedbackDrawings"("hash");

-- Logs that are here already are read again: rules look at the calls in them.
UPDATE "feedback" SET "rule" = 0 WHERE "logState" = 'stored' AND "rule" IS NOT NULL;
