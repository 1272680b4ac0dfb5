import type { SimulatedClock } from "../clock";
import type { HashKey } from "./partition";
import { Partitions } from "./partitions";
import type { ClsRecord } from "./record";

/** How a topic stores its records. */
export interface TopicSettings {
  readonly partitionCount: number;
  readonly autoSplit: boolean;
  readonly maxSplitPartitions: number;
  readonly storageType: "hot" | "cold";
  /** Days; 3640 means permanent storage. */
  readonly periodDays: number;
  /** Days until records move to cold storage; 0 means never. */
  readonly hotPeriodDays: number;
  readonly description: string;
}

/** CLS's defaults. Fact: docs/design/facts/provider.md#topic. */
const DEFAULT_SETTINGS: TopicSettings = {
  partitionCount: 1,
  autoSplit: true,
  maxSplitPartitions: 50,
  storageType: "hot",
  periodDays: 30,
  hotPeriodDays: 0,
  description: "",
};

/** The index of a topic as given. Without an enabled index, its records cannot be searched. */
export interface TopicIndex {
  readonly rule: object;
  readonly enabled: boolean;
  readonly includeInternalFields: boolean;
  /** 0, 1 or 2: which metadata is indexed. */
  readonly metadataFlag: number;
}

type Listener = (records: readonly ClsRecord[]) => Promise<void>;

/** A log topic: receives records, stores them in its partitions and passes them to its listeners. */
export class Topic {
  /** Number of received records. */
  received = 0;
  settings: TopicSettings;
  index: TopicIndex | undefined;
  readonly partitions: Partitions;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  private listeners: Listener[] = [];

  constructor(
    readonly id: string,
    public name: string,
    readonly logsetId: string,
    readonly region: string,
    private readonly clock: SimulatedClock,
    settings: Partial<TopicSettings> = {},
  ) {
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    this.settings = { ...DEFAULT_SETTINGS, ...Object.fromEntries(given) };
    this.createdAt = clock.now();
    this.partitions = new Partitions(this.settings.partitionCount, this.createdAt);
  }

  /**
   * Receives records, and resolves when the listeners have processed them: a shipper may have completed a file.
   *
   * @param key selects the partition; round robin without one
   */
  async put(records: readonly ClsRecord[], key?: HashKey): Promise<void> {
    this.received += records.length;
    this.partitions.put(records, { now: this.clock.now(), periodDays: this.settings.periodDays, key });
    for (const listener of this.listeners) await listener(records);
  }

  /** Calls the listener with all new records, until the returned function is called. */
  onRecords(listener: Listener): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }
}
