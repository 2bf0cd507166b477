-- AlterTable
ALTER TABLE "issues" ADD COLUMN     "areRulesDue" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "isAssignedByHand" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "isPrioritisedByHand" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "number" INTEGER;

-- CreateTable
CREATE TABLE "issueNumbers" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "issueNumbers_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "triageRules" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "label" TEXT COLLATE "C",
    "frame" TEXT COLLATE "C",
    "assigneeId" TEXT COLLATE "C",
    "priority" INTEGER,
    "addLabel" TEXT COLLATE "C",
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "triageRules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rulesApplied" (
    "issueId" TEXT COLLATE "C" NOT NULL,
    "ruleId" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "rulesApplied_pkey" PRIMARY KEY ("issueId","ruleId")
);

-- CreateTable
CREATE TABLE "crashFrames" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "frames" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "crashFrames_pkey" PRIMARY KEY ("accountId","feedbackId")
);

-- CreateTable
CREATE TABLE "savedReplies" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "body" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "savedReplies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feedbackDrawings" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "feedbackDrawings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "rulesApplied_ruleId_idx" ON "rulesApplied"("ruleId");

-- CreateIndex
CREATE INDEX "feedbackDrawings_accountId_feedbackId_position_idx" ON "feedbackDrawings"("accountId", "feedbackId", "position");

-- CreateIndex
CREATE INDEX "feedbackDrawings_hash_idx" ON "feedbackDrawings"("hash");

-- CreateIndex
CREATE INDEX "issues_accountId_areRulesDue_idx" ON "issues"("accountId", "areRulesDue");

-- CreateIndex
CREATE UNIQUE INDEX "issues_accountId_kind_number_key" ON "issues"("accountId", "kind", "number");

-- Logs that are here already are read again: rules look at the calls in them.
UPDATE "feedback" SET "rule" = 0 WHERE "logState" = 'stored' AND "rule" IS NOT NULL;
