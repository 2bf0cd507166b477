-- What SQLite's json_patch does, with members in the same order: https://www.rfc-editor.org/rfc/rfc7396
-- A NUL and half of a surrogate pair, which names may hold, are no text here and become the replacement character.
CREATE FUNCTION "jsonPatch"("target" text, "patch" text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  unsound CONSTANT text := '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})';
  patched text;
BEGIN
  "target" := regexp_replace("target", unsound, '\\ufffd', 'g');
  "patch" := regexp_replace("patch", unsound, '\\ufffd', 'g');
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
