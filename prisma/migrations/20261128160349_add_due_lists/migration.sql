-- AlterTable
ALTER TABLE "syncScopes" ADD COLUMN "dueAt" BIGINT;
ALTER TABLE "syncScopes" ADD COLUMN "failingSince" BIGINT;
