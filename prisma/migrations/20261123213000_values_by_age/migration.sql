-- CreateIndex
CREATE INDEX "contact_attribute_collected_at_idx" ON "contact_attribute" USING BRIN ("collected_at");
