-- AlterTable
ALTER TABLE "feedbackPictures" ADD COLUMN "path" TEXT;
