-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "issuerId" TEXT,
    "keyId" TEXT NOT NULL,
    "baseUrl" TEXT NOT NULL,
    "sealedKey" TEXT NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL DEFAULT 'ok',
    "statusDetail" TEXT,
    "statusAt" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "removedAt" BIGINT
);

-- CreateTable
CREATE TABLE "apps" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT,
    "bundleId" TEXT,
    "sku" TEXT,
    "primaryLocale" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);

-- CreateTable
CREATE TABLE "betaGroups" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "name" TEXT,
    "createdDate" TEXT,
    "isInternalGroup" BOOLEAN,
    "hasAccessToAllBuilds" BOOLEAN,
    "publicLinkEnabled" BOOLEAN,
    "publicLinkId" TEXT,
    "publicLink" TEXT,
    "publicLinkLimitEnabled" BOOLEAN,
    "publicLinkLimit" INTEGER,
    "feedbackEnabled" BOOLEAN,
    "iosBuildsAvailableForAppleSiliconMac" BOOLEAN,
    "iosBuildsAvailableForAppleVision" BOOLEAN,
    "testerCount" INTEGER,
    "buildCount" INTEGER,
    "criteria" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);

-- CreateTable
CREATE TABLE "betaTesters" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "firstName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "emailLower" TEXT,
    "nameLower" TEXT,
    "inviteType" TEXT,
    "state" TEXT,
    "appDevices" TEXT,
    "deviceModel" TEXT,
    "osVersion" TEXT,
    "installedBuild" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "appId", "id")
);

-- CreateTable
CREATE TABLE "betaGroupTesters" (
    "accountId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,

    PRIMARY KEY ("accountId", "groupId", "testerId")
);

-- CreateTable
CREATE TABLE "buildTesters" (
    "accountId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "testerId")
);

-- CreateTable
CREATE TABLE "buildGroups" (
    "accountId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "groupId")
);

-- CreateTable
CREATE TABLE "preReleaseVersions" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "version" TEXT,
    "platform" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);

-- CreateTable
CREATE TABLE "builds" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "preReleaseVersionId" TEXT,
    "version" TEXT,
    "trainVersion" TEXT,
    "platform" TEXT,
    "uploadedDate" TEXT,
    "expirationDate" TEXT,
    "expired" BOOLEAN,
    "minOsVersion" TEXT,
    "processingState" TEXT,
    "buildAudienceType" TEXT,
    "usesNonExemptEncryption" BOOLEAN,
    "iconTemplateUrl" TEXT,
    "buildBetaDetailId" TEXT,
    "autoNotifyEnabled" BOOLEAN,
    "internalBuildState" TEXT,
    "externalBuildState" TEXT,
    "betaAppReviewSubmissionId" TEXT,
    "betaReviewState" TEXT,
    "submittedDate" TEXT,
    "document" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);

-- CreateTable
CREATE TABLE "betaBuildLocalizations" (
    "accountId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "locale" TEXT,
    "whatsNew" TEXT,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);

-- CreateTable
CREATE TABLE "feedback" (
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
    "document" TEXT NOT NULL,
    "goneAt" BIGINT,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "id")
);

-- CreateTable
CREATE TABLE "documents" (
    "accountId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "parent" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "type", "id")
);

-- CreateTable
CREATE TABLE "syncScopes" (
    "accountId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "phase" TEXT NOT NULL DEFAULT 'idle',
    "nextUrl" TEXT,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "seen" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "startedAt" BIGINT,
    "completedAt" BIGINT,
    "error" TEXT,

    PRIMARY KEY ("accountId", "scope")
);

-- CreateTable
CREATE TABLE "syncRuns" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "requests" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "progress" TEXT NOT NULL DEFAULT '{}',
    "error" TEXT,
    "startedAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT
);

-- CreateTable
CREATE TABLE "syncRequests" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "requestedBy" TEXT,
    "requestedAt" BIGINT NOT NULL,
    "takenAt" BIGINT
);

-- CreateTable
CREATE TABLE "leases" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "owner" TEXT NOT NULL,
    "token" INTEGER NOT NULL,
    "expiresAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "tokenVersion" INTEGER NOT NULL DEFAULT 1,
    "disabledAt" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "lastSignInAt" BIGINT
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "tokenVersion" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT,
    "userAgent" TEXT
);

-- CreateTable
CREATE TABLE "loginLimits" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "points" INTEGER NOT NULL,
    "expiresAt" BIGINT
);

-- CreateTable
CREATE TABLE "auditEntries" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "actorId" TEXT,
    "actorEmail" TEXT,
    "accountId" TEXT,
    "appId" TEXT,
    "action" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "resourceId" TEXT,
    "label" TEXT,
    "status" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT,
    "errors" TEXT,
    "requestId" TEXT,
    "jobId" TEXT,
    "undoOf" TEXT,
    "finishedAt" BIGINT,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT,
    "appId" TEXT,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "params" TEXT NOT NULL,
    "createdBy" TEXT,
    "createdAt" BIGINT NOT NULL,
    "startedAt" BIGINT,
    "finishedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "crashes" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT
);

-- CreateTable
CREATE TABLE "jobItems" (
    "jobId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "result" TEXT,
    "errorCode" TEXT,
    "errorDetail" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sentAt" BIGINT,
    "finishedAt" BIGINT,

    PRIMARY KEY ("jobId", "position")
);

-- CreateTable
CREATE TABLE "testerEvents" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "emailLower" TEXT,
    "at" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT
);

-- CreateTable
CREATE TABLE "testerDays" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "state" TEXT,
    "sessionCount" INTEGER,
    "crashCount" INTEGER,
    "feedbackCount" INTEGER,
    "devices" TEXT,

    PRIMARY KEY ("accountId", "appId", "testerId", "day")
);

-- CreateTable
CREATE TABLE "linkDays" (
    "accountId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "viewCount" INTEGER,
    "acceptedCount" INTEGER,
    "didNotAcceptCount" INTEGER,
    "didNotMeetCriteriaCount" INTEGER,
    "notRelevantRatio" REAL,
    "notClearRatio" REAL,
    "notInterestingRatio" REAL,

    PRIMARY KEY ("accountId", "groupId", "day")
);

-- CreateTable
CREATE TABLE "groupDays" (
    "accountId" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "testerCount" INTEGER,
    "buildCount" INTEGER,

    PRIMARY KEY ("accountId", "groupId", "day")
);

-- CreateTable
CREATE TABLE "testerNotes" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "note" TEXT,
    "protected" BOOLEAN NOT NULL DEFAULT false,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT,

    PRIMARY KEY ("accountId", "appId", "testerId")
);

-- CreateTable
CREATE TABLE "testerTags" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "testerId" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,

    PRIMARY KEY ("accountId", "appId", "testerId", "tag")
);

-- CreateTable
CREATE TABLE "savedViews" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL DEFAULT true,
    "ownerId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "apps_id_idx" ON "apps"("id");

-- CreateIndex
CREATE INDEX "betaGroups_accountId_appId_name_idx" ON "betaGroups"("accountId", "appId", "name");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_appId_state_idx" ON "betaTesters"("accountId", "appId", "state");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_appId_nameLower_idx" ON "betaTesters"("accountId", "appId", "nameLower");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_appId_emailLower_idx" ON "betaTesters"("accountId", "appId", "emailLower");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_id_idx" ON "betaTesters"("accountId", "id");

-- CreateIndex
CREATE INDEX "betaTesters_emailLower_idx" ON "betaTesters"("emailLower");

-- CreateIndex
CREATE INDEX "betaGroupTesters_accountId_appId_testerId_idx" ON "betaGroupTesters"("accountId", "appId", "testerId");

-- CreateIndex
CREATE INDEX "buildTesters_accountId_testerId_idx" ON "buildTesters"("accountId", "testerId");

-- CreateIndex
CREATE INDEX "buildGroups_accountId_groupId_idx" ON "buildGroups"("accountId", "groupId");

-- CreateIndex
CREATE INDEX "preReleaseVersions_accountId_appId_idx" ON "preReleaseVersions"("accountId", "appId");

-- CreateIndex
CREATE INDEX "builds_accountId_appId_uploadedDate_idx" ON "builds"("accountId", "appId", "uploadedDate");

-- CreateIndex
CREATE INDEX "builds_accountId_appId_externalBuildState_idx" ON "builds"("accountId", "appId", "externalBuildState");

-- CreateIndex
CREATE INDEX "betaBuildLocalizations_accountId_buildId_idx" ON "betaBuildLocalizations"("accountId", "buildId");

-- CreateIndex
CREATE INDEX "feedback_accountId_appId_type_createdDate_idx" ON "feedback"("accountId", "appId", "type", "createdDate");

-- CreateIndex
CREATE INDEX "feedback_accountId_testerId_idx" ON "feedback"("accountId", "testerId");

-- CreateIndex
CREATE INDEX "feedback_accountId_buildId_idx" ON "feedback"("accountId", "buildId");

-- CreateIndex
CREATE INDEX "documents_accountId_parent_type_idx" ON "documents"("accountId", "parent", "type");

-- CreateIndex
CREATE INDEX "syncRuns_accountId_startedAt_idx" ON "syncRuns"("accountId", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sessions_userId_idx" ON "sessions"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "auditEntries_id_key" ON "auditEntries"("id");

-- CreateIndex
CREATE INDEX "auditEntries_accountId_at_idx" ON "auditEntries"("accountId", "at");

-- CreateIndex
CREATE INDEX "auditEntries_appId_at_idx" ON "auditEntries"("appId", "at");

-- CreateIndex
CREATE INDEX "auditEntries_resourceId_idx" ON "auditEntries"("resourceId");

-- CreateIndex
CREATE INDEX "auditEntries_status_idx" ON "auditEntries"("status");

-- CreateIndex
CREATE INDEX "jobs_status_idx" ON "jobs"("status");

-- CreateIndex
CREATE INDEX "jobs_accountId_createdAt_idx" ON "jobs"("accountId", "createdAt");

-- CreateIndex
CREATE INDEX "jobItems_jobId_status_idx" ON "jobItems"("jobId", "status");

-- CreateIndex
CREATE INDEX "testerEvents_accountId_appId_testerId_at_idx" ON "testerEvents"("accountId", "appId", "testerId", "at");

-- CreateIndex
CREATE INDEX "testerTags_accountId_tag_idx" ON "testerTags"("accountId", "tag");

-- CreateIndex
CREATE INDEX "savedViews_page_idx" ON "savedViews"("page");
