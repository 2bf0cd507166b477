-- AlterTable
ALTER TABLE "keyBudgets" ADD COLUMN     "passed" INTEGER,
ADD COLUMN     "passedAt" BIGINT;
