-- AlterTable
ALTER TABLE "builds" ADD COLUMN "crashCount" INTEGER;
ALTER TABLE "builds" ADD COLUMN "feedbackCount" INTEGER;
ALTER TABLE "builds" ADD COLUMN "installCount" INTEGER;
ALTER TABLE "builds" ADD COLUMN "inviteCount" INTEGER;
ALTER TABLE "builds" ADD COLUMN "readingDay" TEXT;
ALTER TABLE "builds" ADD COLUMN "sessionCount" INTEGER;

-- Each reading that is the newest of its build, whoever stored it.
CREATE TRIGGER "buildDays_newest_insert" AFTER INSERT ON "buildDays" BEGIN
  UPDATE "builds" SET "readingDay" = new."day", "inviteCount" = new."inviteCount", "installCount" = new."installCount",
    "sessionCount" = new."sessionCount", "crashCount" = new."crashCount", "feedbackCount" = new."feedbackCount"
  WHERE "accountId" = new."accountId" AND "id" = new."buildId" AND coalesce("readingDay", '') <= new."day";
END;
CREATE TRIGGER "buildDays_newest_update" AFTER UPDATE ON "buildDays" BEGIN
  UPDATE "builds" SET "readingDay" = new."day", "inviteCount" = new."inviteCount", "installCount" = new."installCount",
    "sessionCount" = new."sessionCount", "crashCount" = new."crashCount", "feedbackCount" = new."feedbackCount"
  WHERE "accountId" = new."accountId" AND "id" = new."buildId" AND coalesce("readingDay", '') <= new."day";
END;

-- The mirror may be made anew at any time, the readings stay.
CREATE TRIGGER "builds_newest_reading" AFTER INSERT ON "builds" BEGIN
  UPDATE "builds" SET ("readingDay", "inviteCount", "installCount", "sessionCount", "crashCount", "feedbackCount") = (
    SELECT d."day", d."inviteCount", d."installCount", d."sessionCount", d."crashCount", d."feedbackCount"
    FROM "buildDays" AS d WHERE d."accountId" = new."accountId" AND d."buildId" = new."id" ORDER BY d."day" DESC LIMIT 1)
  WHERE "accountId" = new."accountId" AND "id" = new."id"
    AND EXISTS (SELECT 1 FROM "buildDays" AS d WHERE d."accountId" = new."accountId" AND d."buildId" = new."id");
END;

UPDATE "builds" SET ("readingDay", "inviteCount", "installCount", "sessionCount", "crashCount", "feedbackCount") = (
  SELECT d."day", d."inviteCount", d."installCount", d."sessionCount", d."crashCount", d."feedbackCount"
  FROM "buildDays" AS d WHERE d."accountId" = "builds"."accountId" AND d."buildId" = "builds"."id"
  ORDER BY d."day" DESC LIMIT 1);
