import { defineProcessor } from "cdktf-tencent-logs/processor";

export default defineProcessor({
  record: (record) => (Number(record.get("status")) >= 500 ? { output: "errors", record } : record),
});
