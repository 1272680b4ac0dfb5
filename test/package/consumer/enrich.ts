import { defineProcessor } from "cdktf-tencent-logs/processor";

export default defineProcessor({
  record: (record) => ({
    output: "default",
    record: Object.assign(record, { fields: { ...record.fields, seen: true } }),
  }),
});
