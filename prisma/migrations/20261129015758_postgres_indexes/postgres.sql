-- Lists are in the order that SQLite's indexes have: rows without a value first, and the key at the end, which an index
-- of SQLite holds by itself. In another order than theirs an app's rows would be sorted for each page.
DROP INDEX "betaTesters_accountId_appId_state_idx";
CREATE INDEX "betaTesters_accountId_appId_state_idx"
  ON "betaTesters" ("accountId", "appId", "state" NULLS FIRST, "rowKey" NULLS FIRST);
DROP INDEX "betaTesters_accountId_appId_nameLower_emailLower_idx";
CREATE INDEX "betaTesters_accountId_appId_nameLower_emailLower_idx"
  ON "betaTesters" ("accountId", "appId", "nameLower" NULLS FIRST, "emailLower" NULLS FIRST, "rowKey" NULLS FIRST);
DROP INDEX "betaTesters_accountId_appId_emailLower_idx";
CREATE INDEX "betaTesters_accountId_appId_emailLower_idx"
  ON "betaTesters" ("accountId", "appId", "emailLower" NULLS FIRST, "rowKey" NULLS FIRST);
DROP INDEX "builds_accountId_appId_uploadedDate_idx";
CREATE INDEX "builds_accountId_appId_uploadedDate_idx"
  ON "builds" ("accountId", "appId", "uploadedDate" NULLS FIRST, "id" NULLS FIRST);
DROP INDEX "builds_accountId_appId_externalBuildState_idx";
CREATE INDEX "builds_accountId_appId_externalBuildState_idx"
  ON "builds" ("accountId", "appId", "externalBuildState" NULLS FIRST, "id" NULLS FIRST);
DROP INDEX "feedback_accountId_appId_type_createdDate_idx";
CREATE INDEX "feedback_accountId_appId_type_createdDate_idx"
  ON "feedback" ("accountId", "appId", "type", "createdDate" NULLS FIRST, "id" NULLS FIRST);

-- A row of an index holds 2,700 bytes, a name any number of letters.
DROP INDEX "betaGroups_accountId_appId_name_idx";
CREATE INDEX "betaGroups_accountId_appId_name_idx" ON "betaGroups" ("accountId", "appId", left("name", 400));

-- As before, but that a text in which somebody wrote such an escape stays what it is.
CREATE OR REPLACE FUNCTION "jsonPatch"("target" text, "patch" text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  unsound CONSTANT text := '(?<!\\)((?:\\\\)*)\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})';
  patched text;
BEGIN
  "target" := regexp_replace("target", unsound, '\1\\ufffd', 'g');
  "patch" := regexp_replace("patch", unsound, '\1\\ufffd', 'g');
  IF json_typeof("patch"::json) <> 'object' THEN
    RETURN "patch";
  END IF;
  IF "target" IS NULL OR json_typeof("target"::json) <> 'object' THEN
    "target" := '{}';
  END IF;
  SELECT '{' || coalesce(string_agg(to_json(member)::text || ':' || given, ',' ORDER BY place), '') || '}' INTO patched
  FROM (
    SELECT t.key AS member, t.ordinality AS place,
      CASE WHEN p.key IS NULL THEN t.value::text ELSE "jsonPatch"(t.value::text, p.value::text) END AS given
    FROM json_each("target"::json) WITH ORDINALITY AS t LEFT JOIN json_each("patch"::json) AS p ON p.key = t.key
    WHERE p.key IS NULL OR json_typeof(p.value) <> 'null'
    UNION ALL
    SELECT p.key, 1000000 + p.ordinality, "jsonPatch"(NULL, p.value::text)
    FROM json_each("patch"::json) WITH ORDINALITY AS p
    WHERE json_typeof(p.value) <> 'null'
      AND NOT EXISTS (SELECT 1 FROM json_each("target"::json) AS t WHERE t.key = p.key)
  ) AS members;
  RETURN patched;
END
$$;
