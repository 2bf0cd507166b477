-- CreateTable
CREATE TABLE "snoozes" (
    "light" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "appId" TEXT,
    "level" TEXT NOT NULL,
    "until" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT
);

-- CreateIndex
CREATE INDEX "testerDays_accountId_appId_day_idx" ON "testerDays"("accountId", "appId", "day");
