-- AlterTable
ALTER TABLE "jobs" ADD COLUMN "hold" TEXT;
