import type { Alert } from "../../../monitor/alert/alert";
import type { Monitor, MonitorFile } from "../../../monitor/definition/types";

/** 16:36:11.500 in Shanghai. */
export const NOW = Date.UTC(2026, 10, 29, 8, 36, 11, 500);
const WRITTEN = Date.UTC(2026, 10, 29, 8, 36, 9, 412);
const TOPIC = "0c1d2e3f-0000-4000-8000-00000000aaaa";

export function monitorOf(overrides: Partial<Monitor> = {}): Monitor {
  return {
    name: "Errors",
    sources: [],
    group: ["service", "status"],
    windowMs: 600_000,
    maxGroups: 1000,
    severity: "critical",
    labels: {},
    routes: [{ to: ["oncall"] }],
    quiet: [],
    mute: [],
    sample: { around: 0, redact: [] },
    ...overrides,
  };
}

export function fileOf(overrides: Partial<MonitorFile> = {}): MonitorFile {
  return {
    monitors: [monitorOf()],
    sources: {
      "access-log": { form: "push", topic: TOPIC, region: "ap-guangzhou", labels: {} },
      "pulled-log": { form: "pull", topic: TOPIC, region: "ap-singapore", labels: {} },
    },
    receivers: { oncall: { format: "json", urlVariable: "LOGS_SECRET_ONCALL" } },
    state: { type: "memory" },
    ...overrides,
  };
}

export function alertOf(overrides: Partial<Alert> = {}): Alert {
  return {
    id: "errors-1",
    kind: "first",
    monitor: "Errors",
    severity: "critical",
    labels: { source: "access-log", region: "ap-guangzhou" },
    group: [
      ["service", "orders"],
      ["status", "503"],
    ],
    isOthers: false,
    source: { name: "access-log", region: "ap-guangzhou", topic: TOPIC },
    count: 1,
    regions: ["ap-guangzhou"],
    firstAt: WRITTEN,
    lastAt: WRITTEN,
    arrivedAt: WRITTEN + 1_200,
    windowMs: 600_000,
    sample: {
      at: WRITTEN,
      fields: [
        ["method", "GET"],
        ["path", "/pay"],
        ["status", "503"],
        ["took", "0.812 s"],
        ["request_id", "9f"],
      ],
      around: [],
    },
    marks: [],
    ...overrides,
  };
}
