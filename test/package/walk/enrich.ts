import { defineProcessor } from "cdktf-tencent-logs/processor";

/** Numbers of cards are no business of a ticket. */
export default defineProcessor({
  record(record) {
    const { card } = record.fields;
    if (typeof card === "string") {
      record.fields = { ...record.fields, card: card.replace(/\d(?=\d{4})/g, "*") };
    }
    return record;
  },
});
