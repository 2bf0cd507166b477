-- AlterTable
ALTER TABLE "builds" ADD COLUMN     "installBytes" BIGINT,
ADD COLUMN     "minOsKey" TEXT COLLATE "C",
ADD COLUMN     "sizeReadAt" BIGINT;
