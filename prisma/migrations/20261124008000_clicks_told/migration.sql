-- AlterTable
ALTER TABLE "webhook_delivery" ADD COLUMN     "consent_of" UUID;

-- CreateIndex
CREATE INDEX "webhook_delivery_consent_of_idx" ON "webhook_delivery"("consent_of");

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_consent_of_fkey" FOREIGN KEY ("consent_of") REFERENCES "tracking_consent"("contact_id") ON DELETE CASCADE ON UPDATE CASCADE;
