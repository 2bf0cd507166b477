-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_feedback" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "buildId" TEXT,
    "testerId" TEXT,
    "createdDate" TEXT,
    "comment" TEXT,
    "email" TEXT,
    "deviceModel" TEXT,
    "osVersion" TEXT,
    "locale" TEXT,
    "appPlatform" TEXT,
    "devicePlatform" TEXT,
    "deviceFamily" TEXT,
    "architecture" TEXT,
    "timeZone" TEXT,
    "connectionType" TEXT,
    "pairedAppleWatch" TEXT,
    "batteryPercentage" INTEGER,
    "diskBytesAvailable" BIGINT,
    "diskBytesTotal" BIGINT,
    "appUptimeInMilliseconds" BIGINT,
    "document" TEXT NOT NULL,
    "goneAt" BIGINT,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,
    "issueId" TEXT,
    "isPlaced" BOOLEAN NOT NULL DEFAULT false,
    "logState" TEXT,
    "logAskedAt" BIGINT,
    "logAfter" BIGINT,
    "logTries" INTEGER NOT NULL DEFAULT 0,
    "logTrouble" TEXT,
    "rule" INTEGER,
    "issueHash" TEXT,
    "variantHash" TEXT,
    "exceptionType" TEXT,
    "crashKind" TEXT,
    "topFrame" TEXT,
    "isSymbolicated" BOOLEAN NOT NULL DEFAULT false,
    "mayRegress" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("accountId", "id")
);
INSERT INTO "new_feedback" ("accountId", "appId", "appPlatform", "appUptimeInMilliseconds", "architecture", "batteryPercentage", "buildId", "comment", "connectionType", "crashKind", "createdDate", "deviceFamily", "deviceModel", "devicePlatform", "diskBytesAvailable", "diskBytesTotal", "document", "email", "exceptionType", "fetchedAt", "generation", "goneAt", "id", "isPlaced", "isSymbolicated", "issueHash", "issueId", "locale", "logAfter", "logAskedAt", "logState", "logTrouble", "osVersion", "pairedAppleWatch", "rule", "testerId", "timeZone", "topFrame", "type", "variantHash") SELECT "accountId", "appId", "appPlatform", "appUptimeInMilliseconds", "architecture", "batteryPercentage", "buildId", "comment", "connectionType", "crashKind", "createdDate", "deviceFamily", "deviceModel", "devicePlatform", "diskBytesAvailable", "diskBytesTotal", "document", "email", "exceptionType", "fetchedAt", "generation", "goneAt", "id", "isPlaced", "isSymbolicated", "issueHash", "issueId", "locale", "logAfter", "logAskedAt", "logState", "logTrouble", "osVersion", "pairedAppleWatch", "rule", "testerId", "timeZone", "topFrame", "type", "variantHash" FROM "feedback";
DROP TABLE "feedback";
ALTER TABLE "new_feedback" RENAME TO "feedback";
CREATE INDEX "feedback_accountId_appId_type_createdDate_idx" ON "feedback"("accountId", "appId", "type", "createdDate");
CREATE INDEX "feedback_accountId_testerId_idx" ON "feedback"("accountId", "testerId");
CREATE INDEX "feedback_accountId_buildId_idx" ON "feedback"("accountId", "buildId");
CREATE INDEX "feedback_createdDate_id_idx" ON "feedback"("createdDate", "id");
CREATE INDEX "feedback_issueId_createdDate_idx" ON "feedback"("issueId", "createdDate");
CREATE INDEX "feedback_logState_createdDate_idx" ON "feedback"("logState", "createdDate");
CREATE INDEX "feedback_rule_idx" ON "feedback"("rule");
CREATE INDEX "feedback_mayRegress_idx" ON "feedback"("mayRegress");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
