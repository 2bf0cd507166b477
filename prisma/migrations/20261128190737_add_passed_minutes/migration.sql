-- AlterTable
ALTER TABLE "keyBudgets" ADD COLUMN "passed" INTEGER;
ALTER TABLE "keyBudgets" ADD COLUMN "passedAt" BIGINT;
