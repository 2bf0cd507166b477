-- AlterTable
ALTER TABLE "notices" ADD COLUMN     "path" TEXT COLLATE "C",
ADD COLUMN     "words" TEXT COLLATE "C";

-- AlterTable
ALTER TABLE "connectors" ADD COLUMN     "takesAlerts" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "groupDays" ADD COLUMN     "isLinkOn" BOOLEAN;

-- CreateTable
CREATE TABLE "mailServers" (
    "id" TEXT COLLATE "C" NOT NULL,
    "host" TEXT COLLATE "C" NOT NULL,
    "port" INTEGER NOT NULL,
    "security" TEXT COLLATE "C" NOT NULL,
    "isInternal" BOOLEAN NOT NULL DEFAULT false,
    "login" TEXT COLLATE "C",
    "sealedPassword" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "fromAddress" TEXT COLLATE "C" NOT NULL,
    "fromName" TEXT COLLATE "C" NOT NULL DEFAULT 'Flightdeck',
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "mailServers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alertRules" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "threshold" INTEGER,
    "least" INTEGER,
    "channels" TEXT COLLATE "C" NOT NULL,
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "since" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "alertRules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alertSettings" (
    "userId" TEXT COLLATE "C" NOT NULL,
    "timeZone" TEXT COLLATE "C" NOT NULL,
    "isQuiet" BOOLEAN NOT NULL DEFAULT false,
    "quietFrom" TEXT COLLATE "C" NOT NULL DEFAULT '22:00',
    "quietTo" TEXT COLLATE "C" NOT NULL DEFAULT '07:00',
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "alertSettings_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "alertMarks" (
    "ruleId" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "isOver" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "alertMarks_pkey" PRIMARY KEY ("ruleId","subject")
);

-- CreateTable
CREATE TABLE "alertSendings" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "recipient" TEXT COLLATE "C" NOT NULL,
    "channel" TEXT COLLATE "C" NOT NULL,
    "fact" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "words" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "messageId" TEXT COLLATE "C",
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "notBefore" BIGINT NOT NULL,
    "sendingAt" BIGINT,
    "mayRepeat" BOOLEAN NOT NULL DEFAULT false,
    "trouble" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "doneAt" BIGINT,

    CONSTRAINT "alertSendings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channelTroubles" (
    "channel" TEXT COLLATE "C" NOT NULL,
    "since" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "trouble" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "channelTroubles_pkey" PRIMARY KEY ("channel")
);

-- CreateIndex
CREATE INDEX "alertRules_userId_idx" ON "alertRules"("userId");

-- CreateIndex
CREATE INDEX "alertSendings_state_notBefore_idx" ON "alertSendings"("state", "notBefore");

-- CreateIndex
CREATE INDEX "alertSendings_userId_createdAt_idx" ON "alertSendings"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "alertSendings_createdAt_idx" ON "alertSendings"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "alertSendings_recipient_channel_fact_key" ON "alertSendings"("recipient", "channel", "fact");
