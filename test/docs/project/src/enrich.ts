import { defineProcessor } from "cdktf-tencent-logs/processor";

export default defineProcessor({ record: (record) => record });
