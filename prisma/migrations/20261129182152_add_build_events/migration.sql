-- CreateTable
CREATE TABLE "buildEvents" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT NOT NULL,
    "since" BIGINT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "buildEvents_accountId_buildId_at_idx" ON "buildEvents"("accountId", "buildId", "at");

-- Each change of a state, whoever wrote it. What was not known before is no change, but for what comes into being.
CREATE TRIGGER "builds_history" AFTER UPDATE OF "processingState", "internalBuildState", "externalBuildState",
  "betaReviewState", "expired", "usesNonExemptEncryption", "autoNotifyEnabled" ON "builds"
WHEN old."processingState" IS NOT new."processingState" OR old."internalBuildState" IS NOT new."internalBuildState"
  OR old."externalBuildState" IS NOT new."externalBuildState" OR old."betaReviewState" IS NOT new."betaReviewState"
  OR old."expired" IS NOT new."expired" OR old."usesNonExemptEncryption" IS NOT new."usesNonExemptEncryption"
  OR old."autoNotifyEnabled" IS NOT new."autoNotifyEnabled" BEGIN
  INSERT INTO "buildEvents" ("accountId", "appId", "buildId", "kind", "before", "after", "since", "at")
  SELECT new."accountId", new."appId", new."id", c."kind", c."before", c."after", old."fetchedAt", new."fetchedAt"
  FROM (
    SELECT 'processingState' AS "kind", old."processingState" AS "before", new."processingState" AS "after"
    UNION ALL SELECT 'internalBuildState', old."internalBuildState", new."internalBuildState"
    UNION ALL SELECT 'externalBuildState', old."externalBuildState", new."externalBuildState"
    UNION ALL SELECT 'betaReviewState', old."betaReviewState", new."betaReviewState"
    UNION ALL SELECT 'expired', CAST(old."expired" AS TEXT), CAST(new."expired" AS TEXT)
    UNION ALL SELECT 'usesNonExemptEncryption', CAST(old."usesNonExemptEncryption" AS TEXT), CAST(new."usesNonExemptEncryption" AS TEXT)
    UNION ALL SELECT 'autoNotifyEnabled', CAST(old."autoNotifyEnabled" AS TEXT), CAST(new."autoNotifyEnabled" AS TEXT)
  ) AS c
  WHERE c."after" IS NOT NULL AND c."before" IS NOT c."after"
    AND (c."before" IS NOT NULL OR c."kind" IN ('betaReviewState', 'usesNonExemptEncryption'));
END;
