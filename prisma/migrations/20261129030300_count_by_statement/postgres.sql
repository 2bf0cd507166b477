-- Testers per app and state are counted once per statement: a row of the counters that is written once per tester
-- grows a version each time, which one transaction reads through again and again.
DROP TRIGGER "betaTesters_count" ON "betaTesters";
DROP FUNCTION "countTesters"();

CREATE FUNCTION "countTesters"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "betaTesterCounts" AS told ("accountId", "appId", "state", "count")
    SELECT "accountId", "appId", coalesce("state", ''), count(*) FROM arrived GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT ("accountId", "appId", "state") DO UPDATE SET "count" = told."count" + excluded."count";
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "betaTesterCounts" AS told ("accountId", "appId", "state", "count")
    SELECT "accountId", "appId", coalesce("state", ''), -count(*) FROM gone GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT ("accountId", "appId", "state") DO UPDATE SET "count" = told."count" + excluded."count";
  ELSE
    INSERT INTO "betaTesterCounts" AS told ("accountId", "appId", "state", "count")
    SELECT "accountId", "appId", "state", sum("by") FROM (
      SELECT "accountId", "appId", coalesce("state", '') AS "state", 1 AS "by" FROM arrived
      UNION ALL
      SELECT "accountId", "appId", coalesce("state", ''), -1 FROM gone
    ) AS moved GROUP BY 1, 2, 3 HAVING sum("by") <> 0 ORDER BY 1, 2, 3
    ON CONFLICT ("accountId", "appId", "state") DO UPDATE SET "count" = told."count" + excluded."count";
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "betaTesters_counted" AFTER INSERT ON "betaTesters"
  REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION "countTesters"();
CREATE TRIGGER "betaTesters_uncounted" AFTER DELETE ON "betaTesters"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION "countTesters"();
CREATE TRIGGER "betaTesters_recounted" AFTER UPDATE ON "betaTesters"
  REFERENCING OLD TABLE AS gone NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION "countTesters"();
