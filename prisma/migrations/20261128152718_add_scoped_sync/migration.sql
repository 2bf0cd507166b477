-- AlterTable
ALTER TABLE "syncRequests" ADD COLUMN "appId" TEXT;
ALTER TABLE "syncRequests" ADD COLUMN "scopes" TEXT;
