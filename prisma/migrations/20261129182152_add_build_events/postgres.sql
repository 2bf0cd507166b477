-- CreateTable
CREATE TABLE "buildEvents" (
    "id" SERIAL NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "buildId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "before" TEXT COLLATE "C",
    "after" TEXT COLLATE "C" NOT NULL,
    "since" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "buildEvents_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "buildEvents_accountId_buildId_at_idx" ON "buildEvents"("accountId", "buildId", "at");

-- Each change of a state, whoever wrote it. What was not known before is no change, but for what comes into being.
CREATE FUNCTION "keepBuildHistory"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "buildEvents" ("accountId", "appId", "buildId", "kind", "before", "after", "since", "at")
  SELECT new."accountId", new."appId", new."id", c."kind", c."before", c."after", old."fetchedAt", new."fetchedAt"
  FROM (VALUES
    ('processingState', old."processingState", new."processingState"),
    ('internalBuildState', old."internalBuildState", new."internalBuildState"),
    ('externalBuildState', old."externalBuildState", new."externalBuildState"),
    ('betaReviewState', old."betaReviewState", new."betaReviewState"),
    ('expired', old."expired"::int::text, new."expired"::int::text),
    ('usesNonExemptEncryption', old."usesNonExemptEncryption"::int::text, new."usesNonExemptEncryption"::int::text),
    ('autoNotifyEnabled', old."autoNotifyEnabled"::int::text, new."autoNotifyEnabled"::int::text)
  ) AS c("kind", "before", "after")
  WHERE c."after" IS NOT NULL AND c."before" IS DISTINCT FROM c."after"
    AND (c."before" IS NOT NULL OR c."kind" IN ('betaReviewState', 'usesNonExemptEncryption'));
  RETURN NULL;
END
$$;
CREATE TRIGGER "builds_history" AFTER UPDATE OF "processingState", "internalBuildState", "externalBuildState",
  "betaReviewState", "expired", "usesNonExemptEncryption", "autoNotifyEnabled" ON "builds"
  FOR EACH ROW WHEN (ROW(old."processingState", old."internalBuildState", old."externalBuildState", old."betaReviewState",
    old."expired", old."usesNonExemptEncryption", old."autoNotifyEnabled") IS DISTINCT FROM
    ROW(new."processingState", new."internalBuildState", new."externalBuildState", new."betaReviewState",
    new."expired", new."usesNonExemptEncryption", new."autoNotifyEnabled"))
  EXECUTE FUNCTION "keepBuildHistory"();
