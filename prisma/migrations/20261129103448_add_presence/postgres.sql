-- CreateTable
CREATE TABLE "presence" (
    "issueId" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "place" TEXT COLLATE "C" NOT NULL,
    "seenAt" BIGINT NOT NULL,

    CONSTRAINT "presence_pkey" PRIMARY KEY ("issueId","userId","place")
);

-- CreateIndex
CREATE INDEX "presence_seenAt_idx" ON "presence"("seenAt");
