import { OpenedMonitor } from "../../monitor/opened";
import type { MonitorSettings } from "../../settings";
import { CosClient } from "../../tencent/cos-client";

/** What an instance reuses in all its invocations. */
export interface MonitorTools {
  readonly monitor: OpenedMonitor;
  readonly cos: CosClient;
  /** Where events that could not be handled are stored. */
  readonly quarantine: { readonly bucket: string; readonly region: string; readonly prefix: string };
}

/** Opens the monitor from the settings and the definition beside the handler. */
export function openTools(settings: MonitorSettings): MonitorTools {
  const { network, state } = settings;
  return {
    monitor: new OpenedMonitor(settings, "monitor.json"),
    cos: new CosClient({ network }),
    quarantine: { ...state, prefix: `${state.prefix}${EVENTS}` },
  };
}

/** Folder below the state's prefix for events that could not be handled. */
const EVENTS = "quarantine/events/";
