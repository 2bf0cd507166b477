-- AlterTable
ALTER TABLE "builds" ADD COLUMN "installBytes" BIGINT;
ALTER TABLE "builds" ADD COLUMN "minOsKey" TEXT;
ALTER TABLE "builds" ADD COLUMN "sizeReadAt" BIGINT;
