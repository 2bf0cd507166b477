-- CreateTable
CREATE TABLE "usageWindows" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "start" TEXT NOT NULL,
    "end" TEXT NOT NULL,
    "activeTesters" INTEGER,
    "inviteCount" INTEGER,
    "installCount" INTEGER,
    "sessionCount" INTEGER,
    "crashCount" INTEGER,
    "feedbackCount" INTEGER,
    "viewCount" INTEGER,
    "acceptedCount" INTEGER,
    "didNotAcceptCount" INTEGER,
    "didNotMeetCriteriaCount" INTEGER,
    "day" TEXT NOT NULL,

    PRIMARY KEY ("accountId", "metric", "type", "id", "start", "end")
);

-- CreateIndex
CREATE INDEX "usageWindows_accountId_appId_metric_day_idx" ON "usageWindows"("accountId", "appId", "metric", "day");

-- CreateIndex
CREATE INDEX "buildDays_accountId_appId_day_idx" ON "buildDays"("accountId", "appId", "day");
