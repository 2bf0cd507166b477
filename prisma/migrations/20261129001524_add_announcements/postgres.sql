-- CreateTable
CREATE TABLE "announcements" (
    "seq" SERIAL NOT NULL,
    "topic" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "xact" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "announcements_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "announcements_xact_idx" ON "announcements"("xact");

-- Rows live for an hour, and their order is told by xact: numbers may begin again after two thousand million.
ALTER SEQUENCE "announcements_seq_seq" CYCLE;
