-- Beside the triggers of the table, which a new one would lose.
ALTER TABLE "feedback" ADD COLUMN "mayHoldAddress" BOOLEAN NOT NULL DEFAULT false;
UPDATE "feedback" SET "mayHoldAddress" = true WHERE "comment" LIKE '%@%';

-- CreateIndex
CREATE INDEX "feedback_email_accountId_id_idx" ON "feedback"("email", "accountId", "id");

-- CreateIndex
CREATE INDEX "feedback_mayHoldAddress_idx" ON "feedback"("mayHoldAddress");
