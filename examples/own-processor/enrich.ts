import { defineProcessor } from "cdktf-tencent-logs/processor";

/** Health checks are dropped, requests are told apart by their outcome, addresses lose their last byte. */
export default defineProcessor({
  record(record) {
    const { path, remote_addr, status } = record.fields;
    if (path === "/健康") return undefined;
    if (typeof remote_addr === "string") {
      record.fields = { ...record.fields, remote_addr: remote_addr.replace(/\d+$/, "0") };
    }
    return Number(status) >= 500 ? { output: "errors", record } : record;
  },
});
