-- With everything that a segment asks in them, so that the wide rows are not read.
DROP INDEX "learner_event_course_id_kind_occurred_at_contact_id_idx";
DROP INDEX "learner_event_kind_occurred_at_contact_id_idx";
CREATE INDEX "learner_event_by_course" ON "learner_event"("course_id", "kind", "occurred_at", "contact_id", "received_at");
CREATE INDEX "learner_event_by_kind" ON "learner_event"("kind", "occurred_at", "contact_id", "received_at");

DROP INDEX "contact_attribute_attribute_id_text_contact_id_idx";
DROP INDEX "contact_attribute_attribute_id_number_contact_id_idx";
DROP INDEX "contact_attribute_attribute_id_date_contact_id_idx";
CREATE INDEX "contact_attribute_by_text" ON "contact_attribute"("attribute_id", "text", "contact_id", "collected_at");
CREATE INDEX "contact_attribute_by_number" ON "contact_attribute"("attribute_id", "number", "contact_id", "collected_at");
CREATE INDEX "contact_attribute_by_date" ON "contact_attribute"("attribute_id", "date", "contact_id", "collected_at");
