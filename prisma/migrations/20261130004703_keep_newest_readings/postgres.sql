-- AlterTable
ALTER TABLE "builds" ADD COLUMN     "crashCount" INTEGER,
ADD COLUMN     "feedbackCount" INTEGER,
ADD COLUMN     "installCount" INTEGER,
ADD COLUMN     "inviteCount" INTEGER,
ADD COLUMN     "readingDay" TEXT COLLATE "C",
ADD COLUMN     "sessionCount" INTEGER;

-- Each reading that is the newest of its build, whoever stored it.
CREATE FUNCTION "keepNewestReading"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "builds" SET "readingDay" = new."day", "inviteCount" = new."inviteCount", "installCount" = new."installCount",
    "sessionCount" = new."sessionCount", "crashCount" = new."crashCount", "feedbackCount" = new."feedbackCount"
  WHERE "accountId" = new."accountId" AND "id" = new."buildId" AND coalesce("readingDay", '') <= new."day";
  RETURN NULL;
END
$$;
CREATE TRIGGER "buildDays_newest" AFTER INSERT OR UPDATE ON "buildDays"
  FOR EACH ROW EXECUTE FUNCTION "keepNewestReading"();

-- The mirror may be made anew at any time, the readings stay.
CREATE FUNCTION "findNewestReading"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "builds" AS b SET "readingDay" = d."day", "inviteCount" = d."inviteCount", "installCount" = d."installCount",
    "sessionCount" = d."sessionCount", "crashCount" = d."crashCount", "feedbackCount" = d."feedbackCount"
  FROM (SELECT * FROM "buildDays" WHERE "accountId" = new."accountId" AND "buildId" = new."id"
    ORDER BY "day" DESC LIMIT 1) AS d
  WHERE b."accountId" = new."accountId" AND b."id" = new."id";
  RETURN NULL;
END
$$;
CREATE TRIGGER "builds_newest_reading" AFTER INSERT ON "builds"
  FOR EACH ROW EXECUTE FUNCTION "findNewestReading"();

UPDATE "builds" AS b SET "readingDay" = d."day", "inviteCount" = d."inviteCount", "installCount" = d."installCount",
  "sessionCount" = d."sessionCount", "crashCount" = d."crashCount", "feedbackCount" = d."feedbackCount"
FROM (SELECT DISTINCT ON ("accountId", "buildId") * FROM "buildDays"
  ORDER BY "accountId", "buildId", "day" DESC) AS d
WHERE d."accountId" = b."accountId" AND d."buildId" = b."id";
