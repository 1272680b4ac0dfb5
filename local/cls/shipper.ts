import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Cam, Role } from "../cam/cam";
import type { CamError } from "../cam/error";
import { CLS_ACCOUNT_ROLE, CLS_SERVICE } from "../cam/presets";
import type { ClockTimer, SimulatedClock } from "../clock";
import type { Cos } from "../cos/cos";
import { snappy } from "./snappy";
import { passesFilter, type FilterRule } from "./filter";
import { shippedLine, type LineFormat } from "./line";
import type { ClsRecord } from "./record";
import { strftime, zoneOffsetMinutes } from "./strftime";
import type { Topic } from "./topic";

/** The configuration of a shipper. */
export interface ShipperSpec extends LineFormat {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string;
  /** A file ends this many seconds after its first record. */
  readonly intervalSeconds: number;
  /** A file ends when it contains this many MB before compression. */
  readonly maxSizeMb: number;
  /** strftime pattern between the prefix and the name. */
  readonly partition: string;
  readonly compression: "gzip" | "none" | "snappy";
  /** Names contain a random part, or the time of shipping. */
  readonly filenameMode: "random" | "time";
  readonly timeZone: string;
  readonly filterRules: readonly FilterRule[];
  /** Storage class of the objects. */
  readonly storageClass: string;
}

/** A file that was shipped, or failed to be. */
export interface ShipTask {
  readonly shipper: string;
  readonly status: "success" | "failed";
  /** Key of the object. */
  readonly key: string;
  readonly records: number;
  /** Size of the object in bytes. */
  readonly bytes: number;
  /** When it was shipped, in milliseconds since 1970, on the simulated clock. */
  readonly time: number;
  /** Why it failed. */
  readonly message?: string;
}

/** Stopped, running, or running with failures. Fact: docs/design/facts/runtime.md#state-of-shippers-and-deliveries. */
export type ShipperState = "stopped" | "running" | "failing";

/** What shippers depend on. */
export interface ShipperHost {
  readonly cam: Cam;
  readonly cos: Cos;
  readonly clock: SimulatedClock;
  /** Called with each file that was shipped, or failed to be. */
  readonly shipped?: (shipper: Shipper, task: ShipTask) => void;
}

const MB = 1024 * 1024;
const compress = promisify(gzip);

/** The framing of snappy is not documented: here it is a single block. */
async function packed(text: Buffer, compression: ShipperSpec["compression"]): Promise<Buffer> {
  if (compression === "snappy") return snappy(text);
  return compression === "gzip" ? compress(text) : text;
}

/**
 * Ships a topic's records to a bucket as JSON lines; files are limited by time or size, whichever is reached first.
 * Fact: docs/design/facts/runtime.md#shipping-to-cos.
 */
export class Shipper {
  /** Everything that was shipped or failed. */
  readonly tasks: ShipTask[] = [];
  /** If false, records that arrive meanwhile are never shipped. */
  enabled = true;
  private lines: Buffer[] = [];
  private bytes = 0;
  private due: ClockTimer | undefined;
  private files = 0;
  private shipped = 0;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  private readonly stopListening: () => void;
  private current: ShipperSpec;

  /** Throws for a time zone or a partition format that CLS would refuse. */
  constructor(
    readonly id: string,
    readonly topic: Topic,
    spec: ShipperSpec,
    private readonly host: ShipperHost,
  ) {
    check(spec);
    this.current = spec;
    this.createdAt = host.clock.now();
    this.stopListening = topic.onRecords((records) => this.take(records));
  }

  get spec(): ShipperSpec {
    return this.current;
  }

  get state(): ShipperState {
    if (!this.enabled) return "stopped";
    return this.tasks.at(-1)?.status === "failed" ? "failing" : "running";
  }

  /** Uses the new specification from now on; the current file keeps its time. */
  configure(spec: ShipperSpec): void {
    check(spec);
    this.current = spec;
  }

  /** Stops, and drops the records of the current file. */
  close(): void {
    this.stopListening();
    this.due?.cancel();
  }

  private async take(records: readonly ClsRecord[]): Promise<void> {
    if (!this.enabled) return;
    for (const record of records) {
      if (!passesFilter(record, this.spec.filterRules)) continue;
      const line = Buffer.from(`${shippedLine(record, this.spec)}\n`);
      this.lines.push(line);
      this.bytes += line.length;
      this.due ??= this.host.clock.setTimer(this.spec.intervalSeconds * 1000, () => this.ship());
      if (this.bytes >= this.spec.maxSizeMb * MB) await this.ship();
    }
  }

  /** Ends the current file and stores it. */
  private async ship(): Promise<void> {
    const { lines } = this;
    this.due?.cancel();
    this.due = undefined;
    this.lines = [];
    this.bytes = 0;
    const key = this.nextKey();
    this.shipped += lines.length;
    const task = await this.store(key, lines);
    this.tasks.push(task);
    this.host.shipped?.(this, task);
  }

  private async store(key: string, lines: Buffer[]): Promise<ShipTask> {
    const task = { shipper: this.spec.name, key, records: lines.length, time: this.host.clock.now() };
    const { cam, cos } = this.host;
    try {
      const role = this.accountRole();
      const bucket = cos.bucket(this.spec.bucket);
      if (bucket?.region !== this.topic.region || bucket === undefined) {
        throw new Error(`bucket must exist in ${this.topic.region}, got "${this.spec.bucket}"`);
      }
      const resource = `qcs::cos:${bucket.region}:uid/${cos.account.appId}:${bucket.name}/${key}`;
      if (!cam.isAllowed({ kind: "role", role }, "cos:PutObject", resource)) {
        throw new Error(
          `role ${CLS_ACCOUNT_ROLE} must be allowed to write to ${bucket.name}; attach QcloudCOSAccessForCLSRole`,
        );
      }
      const text = Buffer.concat(lines);
      const body = await packed(text, this.spec.compression);
      await bucket.put(key, body, {}, cos.changeBy(cam.assumeRole(role), "put", bucket, key));
      return { ...task, status: "success", bytes: body.length };
    } catch (error) {
      return { ...task, status: "failed", bytes: 0, message: (error as Error).message };
    }
  }

  private accountRole(): Role {
    try {
      return this.host.cam.roleFor(CLS_SERVICE, CLS_ACCOUNT_ROLE);
    } catch (error) {
      const { code, message } = error as CamError;
      throw new Error(`${code}: ${message}; authorize CLS to write to COS in the console, or create the role`);
    }
  }

  /**
   * `{prefix}{partition}_{random}_{index}.gz`, or `{prefix}{partition}{time}_{topic partition}_{offset}.gz`. The random
   * part is derived from the shipper's name, so it is the same in every run.
   */
  private nextKey(): string {
    const { prefix, partition, name, compression, filenameMode, timeZone } = this.spec;
    const now = this.host.clock.now();
    const offsetMinutes = zoneOffsetMinutes(timeZone);
    const folder = prefix + strftime(partition, now, offsetMinutes);
    const extension = compression === "gzip" ? "gz" : compression === "snappy" ? "snappy" : "json";
    this.files += 1;
    if (filenameMode === "time") {
      return `${folder}${strftime("%Y%m%d%H%M", now, offsetMinutes)}_000_${this.shipped}.${extension}`;
    }
    const random = createHash("sha256").update(`${name}/${this.files}`).digest("hex").slice(0, 32);
    return `${folder}_${random}_0.${extension}`;
  }
}

function check(spec: ShipperSpec): void {
  strftime(spec.partition, 0, zoneOffsetMinutes(spec.timeZone));
}
