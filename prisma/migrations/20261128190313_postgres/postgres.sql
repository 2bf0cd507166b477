-- Everything that the migrations before this one made on SQLite: no PostgreSQL is older than it.

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "issuerId" TEXT COLLATE "C",
    "keyId" TEXT COLLATE "C" NOT NULL,
    "baseUrl" TEXT COLLATE "C" NOT NULL,
    "sealedKey" TEXT COLLATE "C" NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT COLLATE "C" NOT NULL DEFAULT 'ok',
    "statusDetail" TEXT COLLATE "C",
    "statusAt" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "removedAt" BIGINT,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "apps" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C",
    "bundleId" TEXT COLLATE "C",
    "sku" TEXT COLLATE "C",
    "primaryLocale" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "relationships" TEXT COLLATE "C",
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "apps_pkey" PRIMARY KEY ("accountId","id")
);

-- CreateTable
CREATE TABLE "betaGroups" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C",
    "createdDate" TEXT COLLATE "C",
    "isInternalGroup" BOOLEAN,
    "hasAccessToAllBuilds" BOOLEAN,
    "publicLinkEnabled" BOOLEAN,
    "publicLinkId" TEXT COLLATE "C",
    "publicLink" TEXT COLLATE "C",
    "publicLinkLimitEnabled" BOOLEAN,
    "publicLinkLimit" INTEGER,
    "feedbackEnabled" BOOLEAN,
    "iosBuildsAvailableForAppleSiliconMac" BOOLEAN,
    "iosBuildsAvailableForAppleVision" BOOLEAN,
    "testerCount" INTEGER,
    "buildCount" INTEGER,
    "criteria" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "relationships" TEXT COLLATE "C",
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "betaGroups_pkey" PRIMARY KEY ("accountId","id")
);

-- CreateTable
CREATE TABLE "betaTesters" (
    "rowKey" SERIAL NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "firstName" TEXT COLLATE "C",
    "lastName" TEXT COLLATE "C",
    "email" TEXT COLLATE "C",
    "emailLower" TEXT COLLATE "C",
    "nameLower" TEXT COLLATE "C",
    "inviteType" TEXT COLLATE "C",
    "state" TEXT COLLATE "C",
    "appDevices" TEXT COLLATE "C",
    "deviceModel" TEXT COLLATE "C",
    "osVersion" TEXT COLLATE "C",
    "installedBuild" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "betaTesters_pkey" PRIMARY KEY ("rowKey")
);

-- CreateTable
CREATE TABLE "betaTesterCounts" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "betaTesterCounts_pkey" PRIMARY KEY ("accountId","appId","state")
);

-- CreateTable
CREATE TABLE "betaGroupTesters" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "groupId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "betaGroupTesters_pkey" PRIMARY KEY ("accountId","groupId","testerId")
);

-- CreateTable
CREATE TABLE "buildTesters" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "buildId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "buildTesters_pkey" PRIMARY KEY ("accountId","buildId","testerId")
);

-- CreateTable
CREATE TABLE "buildGroups" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "buildId" TEXT COLLATE "C" NOT NULL,
    "groupId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "buildGroups_pkey" PRIMARY KEY ("accountId","buildId","groupId")
);

-- CreateTable
CREATE TABLE "preReleaseVersions" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "version" TEXT COLLATE "C",
    "versionKey" TEXT COLLATE "C",
    "platform" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "preReleaseVersions_pkey" PRIMARY KEY ("accountId","id")
);

-- CreateTable
CREATE TABLE "builds" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "preReleaseVersionId" TEXT COLLATE "C",
    "version" TEXT COLLATE "C",
    "versionKey" TEXT COLLATE "C",
    "trainVersion" TEXT COLLATE "C",
    "trainKey" TEXT COLLATE "C",
    "platform" TEXT COLLATE "C",
    "uploadedDate" TEXT COLLATE "C",
    "expirationDate" TEXT COLLATE "C",
    "expired" BOOLEAN,
    "minOsVersion" TEXT COLLATE "C",
    "processingState" TEXT COLLATE "C",
    "buildAudienceType" TEXT COLLATE "C",
    "usesNonExemptEncryption" BOOLEAN,
    "iconTemplateUrl" TEXT COLLATE "C",
    "buildBetaDetailId" TEXT COLLATE "C",
    "autoNotifyEnabled" BOOLEAN,
    "internalBuildState" TEXT COLLATE "C",
    "externalBuildState" TEXT COLLATE "C",
    "betaAppReviewSubmissionId" TEXT COLLATE "C",
    "betaReviewState" TEXT COLLATE "C",
    "submittedDate" TEXT COLLATE "C",
    "betaDetail" TEXT COLLATE "C",
    "betaReview" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "relationships" TEXT COLLATE "C",
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "builds_pkey" PRIMARY KEY ("accountId","id")
);

-- CreateTable
CREATE TABLE "betaBuildLocalizations" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "buildId" TEXT COLLATE "C" NOT NULL,
    "locale" TEXT COLLATE "C",
    "whatsNew" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "betaBuildLocalizations_pkey" PRIMARY KEY ("accountId","id")
);

-- CreateTable
CREATE TABLE "feedback" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "buildId" TEXT COLLATE "C",
    "testerId" TEXT COLLATE "C",
    "createdDate" TEXT COLLATE "C",
    "comment" TEXT COLLATE "C",
    "email" TEXT COLLATE "C",
    "deviceModel" TEXT COLLATE "C",
    "osVersion" TEXT COLLATE "C",
    "locale" TEXT COLLATE "C",
    "appPlatform" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,
    "goneAt" BIGINT,
    "generation" INTEGER NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "feedback_pkey" PRIMARY KEY ("accountId","id")
);

-- CreateTable
CREATE TABLE "documents" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "parent" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "document" TEXT COLLATE "C" NOT NULL,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "documents_pkey" PRIMARY KEY ("accountId","type","id")
);

-- CreateTable
CREATE TABLE "appIcons" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "templateUrl" TEXT COLLATE "C" NOT NULL,
    "contentType" TEXT COLLATE "C",
    "bytes" BYTEA,
    "fetchedAt" BIGINT NOT NULL,

    CONSTRAINT "appIcons_pkey" PRIMARY KEY ("accountId","appId")
);

-- CreateTable
CREATE TABLE "tombstones" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("accountId","type","id")
);

-- CreateTable
CREATE TABLE "syncScopes" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "scope" TEXT COLLATE "C" NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "phase" TEXT COLLATE "C" NOT NULL DEFAULT 'idle',
    "nextUrl" TEXT COLLATE "C",
    "pages" INTEGER NOT NULL DEFAULT 0,
    "seen" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "startedAt" BIGINT,
    "updatedAt" BIGINT,
    "completedAt" BIGINT,
    "error" TEXT COLLATE "C",
    "failingSince" BIGINT,
    "dueAt" BIGINT,

    CONSTRAINT "syncScopes_pkey" PRIMARY KEY ("accountId","scope")
);

-- CreateTable
CREATE TABLE "syncRuns" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    "requests" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "progress" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "error" TEXT COLLATE "C",
    "budgetLimit" INTEGER,
    "budgetRemaining" INTEGER,
    "budgetAt" BIGINT,
    "waitingUntil" BIGINT,
    "startedAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,

    CONSTRAINT "syncRuns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "syncRequests" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "scopes" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "requestedBy" TEXT COLLATE "C",
    "requestedAt" BIGINT NOT NULL,
    "takenAt" BIGINT,
    "runId" TEXT COLLATE "C",

    CONSTRAINT "syncRequests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leases" (
    "name" TEXT COLLATE "C" NOT NULL,
    "owner" TEXT COLLATE "C" NOT NULL,
    "token" INTEGER NOT NULL,
    "expiresAt" BIGINT NOT NULL,

    CONSTRAINT "leases_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C",
    "passwordHash" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "tokenVersion" INTEGER NOT NULL DEFAULT 1,
    "disabledAt" BIGINT,
    "hasTemporaryPassword" INTEGER NOT NULL DEFAULT 0,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "lastSignInAt" BIGINT,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "tokenVersion" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT,
    "userAgent" TEXT COLLATE "C",

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "loginLimits" (
    "key" TEXT COLLATE "C" NOT NULL,
    "points" INTEGER NOT NULL,
    "expiresAt" BIGINT,

    CONSTRAINT "loginLimits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "auditEntries" (
    "seq" SERIAL NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,
    "actorId" TEXT COLLATE "C",
    "actorEmail" TEXT COLLATE "C",
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "action" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "resourceId" TEXT COLLATE "C",
    "label" TEXT COLLATE "C",
    "status" TEXT COLLATE "C" NOT NULL,
    "before" TEXT COLLATE "C",
    "after" TEXT COLLATE "C",
    "errors" TEXT COLLATE "C",
    "requestId" TEXT COLLATE "C",
    "jobId" TEXT COLLATE "C",
    "undoOf" TEXT COLLATE "C",
    "names" TEXT COLLATE "C",
    "finishedAt" BIGINT,
    "appleRequestId" TEXT COLLATE "C",
    "previousHash" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "outcomeHash" TEXT COLLATE "C",

    CONSTRAINT "auditEntries_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "kind" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "params" TEXT COLLATE "C" NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "createdByEmail" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "scheduledAt" BIGINT,
    "startedAt" BIGINT,
    "finishedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,
    "waitUntil" BIGINT,
    "waitReason" TEXT COLLATE "C",
    "pace" TEXT COLLATE "C",
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "noEffect" INTEGER NOT NULL DEFAULT 0,
    "crashes" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT COLLATE "C",
    "hold" TEXT COLLATE "C",

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keyBudgets" (
    "scope" TEXT COLLATE "C" NOT NULL,
    "blockedUntil" BIGINT,
    "perMinute" INTEGER,
    "refusedAt" INTEGER,
    "learnedAt" BIGINT,
    "hourLimit" INTEGER,
    "hourRemaining" INTEGER,
    "observedAt" BIGINT,

    CONSTRAINT "keyBudgets_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "keySpending" (
    "scope" TEXT COLLATE "C" NOT NULL,
    "owner" TEXT COLLATE "C" NOT NULL,
    "second" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "keySpending_pkey" PRIMARY KEY ("scope","owner","second")
);

-- CreateTable
CREATE TABLE "jobItems" (
    "jobId" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "payload" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C",
    "result" TEXT COLLATE "C",
    "errorCode" TEXT COLLATE "C",
    "errorDetail" TEXT COLLATE "C",
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sentAt" BIGINT,
    "reconciledAt" BIGINT,
    "finishedAt" BIGINT,

    CONSTRAINT "jobItems_pkey" PRIMARY KEY ("jobId","position")
);

-- CreateTable
CREATE TABLE "testerEvents" (
    "id" SERIAL NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "emailLower" TEXT COLLATE "C",
    "at" BIGINT NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "before" TEXT COLLATE "C",
    "after" TEXT COLLATE "C",

    CONSTRAINT "testerEvents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "testerDays" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "day" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C",
    "sessionCount" INTEGER,
    "crashCount" INTEGER,
    "feedbackCount" INTEGER,
    "devices" TEXT COLLATE "C",

    CONSTRAINT "testerDays_pkey" PRIMARY KEY ("accountId","appId","testerId","day")
);

-- CreateTable
CREATE TABLE "linkDays" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "groupId" TEXT COLLATE "C" NOT NULL,
    "day" TEXT COLLATE "C" NOT NULL,
    "viewCount" INTEGER,
    "acceptedCount" INTEGER,
    "didNotAcceptCount" INTEGER,
    "didNotMeetCriteriaCount" INTEGER,
    "notRelevantRatio" DOUBLE PRECISION,
    "notClearRatio" DOUBLE PRECISION,
    "notInterestingRatio" DOUBLE PRECISION,

    CONSTRAINT "linkDays_pkey" PRIMARY KEY ("accountId","groupId","day")
);

-- CreateTable
CREATE TABLE "groupDays" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "groupId" TEXT COLLATE "C" NOT NULL,
    "day" TEXT COLLATE "C" NOT NULL,
    "testerCount" INTEGER,
    "buildCount" INTEGER,

    CONSTRAINT "groupDays_pkey" PRIMARY KEY ("accountId","groupId","day")
);

-- CreateTable
CREATE TABLE "testerNotes" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "note" TEXT COLLATE "C",
    "protected" BOOLEAN NOT NULL DEFAULT false,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "testerNotes_pkey" PRIMARY KEY ("accountId","appId","testerId")
);

-- CreateTable
CREATE TABLE "testerTags" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "tag" TEXT COLLATE "C" NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",

    CONSTRAINT "testerTags_pkey" PRIMARY KEY ("accountId","appId","testerId","tag")
);

-- CreateTable
CREATE TABLE "savedViews" (
    "id" TEXT COLLATE "C" NOT NULL,
    "page" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "query" TEXT COLLATE "C" NOT NULL,
    "shared" BOOLEAN NOT NULL DEFAULT true,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "savedViews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drafts" (
    "userId" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "drafts_pkey" PRIMARY KEY ("userId","key")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "apps_id_idx" ON "apps"("id");

-- CreateIndex
CREATE INDEX "betaGroups_accountId_appId_name_idx" ON "betaGroups"("accountId", "appId", "name");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_appId_state_idx" ON "betaTesters"("accountId", "appId", "state");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_appId_nameLower_emailLower_idx" ON "betaTesters"("accountId", "appId", "nameLower", "emailLower");

-- CreateIndex
CREATE INDEX "betaTesters_accountId_appId_emailLower_idx" ON "betaTesters"("accountId", "appId", "emailLower");

-- CreateIndex
CREATE UNIQUE INDEX "betaTesters_accountId_appId_id_key" ON "betaTesters"("accountId", "appId", "id");

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
CREATE INDEX "auditEntries_undoOf_idx" ON "auditEntries"("undoOf");

-- CreateIndex
CREATE INDEX "auditEntries_jobId_seq_idx" ON "auditEntries"("jobId", "seq");

-- CreateIndex
CREATE INDEX "auditEntries_actorId_seq_idx" ON "auditEntries"("actorId", "seq");

-- CreateIndex
CREATE INDEX "jobs_status_idx" ON "jobs"("status");

-- CreateIndex
CREATE INDEX "jobs_accountId_createdAt_idx" ON "jobs"("accountId", "createdAt");

-- CreateIndex
CREATE INDEX "jobItems_jobId_status_position_idx" ON "jobItems"("jobId", "status", "position");

-- CreateIndex
CREATE INDEX "jobItems_jobId_finishedAt_idx" ON "jobItems"("jobId", "finishedAt");

-- CreateIndex
CREATE INDEX "testerEvents_accountId_appId_testerId_at_idx" ON "testerEvents"("accountId", "appId", "testerId", "at");

-- CreateIndex
CREATE INDEX "testerTags_accountId_tag_idx" ON "testerTags"("accountId", "tag");

-- CreateIndex
CREATE INDEX "savedViews_page_idx" ON "savedViews"("page");

-- CreateIndex
CREATE INDEX "drafts_updatedAt_idx" ON "drafts"("updatedAt");

-- What Prisma cannot describe. A migration that makes betaTesters or auditEntries anew must make these again.

-- Lower-case without Latin accents, as lib/store/fold.ts does: by the most faithful rules that this server has.
DO $$
DECLARE
  rules text;
BEGIN
  SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname) INTO rules
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
  WHERE n.nspname = 'pg_catalog' AND c.collencoding IN (-1, 6)
    AND c.collname IN ('pg_unicode_fast', 'und-x-icu', 'pg_c_utf8', 'C.utf8', 'C.UTF-8', 'en_US.utf8')
  ORDER BY array_position(ARRAY['pg_unicode_fast', 'und-x-icu', 'pg_c_utf8', 'C.utf8', 'C.UTF-8', 'en_US.utf8'], c.collname::text)
  LIMIT 1;
  EXECUTE format($f$
    CREATE FUNCTION "fold"("given" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
      SELECT lower(normalize(regexp_replace(normalize("given", NFD), '[\u0300-\u036f]', '', 'g'), NFC) COLLATE %s) COLLATE "C"
    $body$ $f$, coalesce(rules, '"default"'));
END
$$;

-- Testers per app and state.
CREATE FUNCTION "countTesters"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND old."state" IS NOT DISTINCT FROM new."state" THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE "betaTesterCounts" SET "count" = "count" - 1
    WHERE "accountId" = old."accountId" AND "appId" = old."appId" AND "state" = coalesce(old."state", '');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO "betaTesterCounts" ("accountId", "appId", "state", "count")
    VALUES (new."accountId", new."appId", coalesce(new."state", ''), 1)
    ON CONFLICT ("accountId", "appId", "state") DO UPDATE SET "count" = "betaTesterCounts"."count" + 1;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "betaTesters_count" AFTER INSERT OR DELETE OR UPDATE OF "state" ON "betaTesters"
  FOR EACH ROW EXECUTE FUNCTION "countTesters"();

-- What a search across apps looks through; the name stands twice, so that "first last" and "last first" are both found.
-- Its index is made at the start, where the extension pg_trgm may be created.
CREATE FUNCTION "testerText"("name" text, "email" text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce("name" || ' ' || "name" || ' ', '') || coalesce("email", '')
$$;

-- The trail is append-only: an intent never changes, and an outcome is written once (an unknown one may be resolved).
CREATE FUNCTION "refuseAuditChange"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END
$$;
CREATE TRIGGER "auditEntries_keep" BEFORE DELETE ON "auditEntries"
  FOR EACH ROW EXECUTE FUNCTION "refuseAuditChange"('The audit trail is append-only.');
CREATE TRIGGER "auditEntries_truncate" BEFORE TRUNCATE ON "auditEntries"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuseAuditChange"('The audit trail is append-only.');
CREATE TRIGGER "auditEntries_intent" BEFORE UPDATE OF "seq", "id", "at", "actorId", "actorEmail", "accountId", "appId", "action", "type",
  "resourceId", "label", "before", "names", "requestId", "jobId", "undoOf", "previousHash", "hash" ON "auditEntries"
  FOR EACH ROW EXECUTE FUNCTION "refuseAuditChange"('The audit trail is append-only.');
CREATE TRIGGER "auditEntries_outcome" BEFORE UPDATE ON "auditEntries"
  FOR EACH ROW WHEN (OLD."status" NOT IN ('pending', 'unknown'))
  EXECUTE FUNCTION "refuseAuditChange"('The outcome of this entry is already known.');
