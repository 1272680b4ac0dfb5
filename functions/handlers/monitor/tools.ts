import { OpenedMonitor } from "../../monitor/opened";
import type { MonitorSettings } from "../../settings";
import { CosClient } from "../../tencent/cos-client";

/** What an instance keeps for all its invocations. */
export interface MonitorTools {
  readonly monitor: OpenedMonitor;
  readonly cos: CosClient;
  /** Where events lie that could not be handled. */
  readonly quarantine: { readonly bucket: string; readonly region: string; readonly prefix: string };
}

/** Opens what the settings and the definition beside the handler say. */
export function openTools(settings: MonitorSettings): MonitorTools {
  const { network, state } = settings;
  return {
    monitor: new OpenedMonitor(settings, "monitor.json"),
    cos: new CosClient({ network }),
    quarantine: { ...state, prefix: `${state.prefix}${EVENTS}` },
  };
}

/** Where, below the state's prefix, events wait that could not be handled. */
const EVENTS = "quarantine/events/";
