-- AlterTable
ALTER TABLE "feedback" ADD COLUMN     "logTries" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "mayRegress" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "feedback_rule_idx" ON "feedback"("rule");

-- CreateIndex
CREATE INDEX "feedback_mayRegress_idx" ON "feedback"("mayRegress");
