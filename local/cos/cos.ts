import { randomBytes } from "node:crypto";
import type { AccessKey, Account } from "../account";
import type { Cam } from "../cam/cam";
import { authorization } from "../cam/signature";
import type { SimulatedClock } from "../clock";
import { Bucket, type BucketHost, type Change, type ObjectEvent } from "./bucket";
import type { Acl } from "./bucket-settings";
import { CosError } from "./error";
import { FaultInjector, type Faults } from "./faults";
import type { Storage } from "./storage";

/** The state of COS: its buckets. */
export class Cos implements BucketHost {
  /** Faults of the server, for tests. */
  readonly injector = new FaultInjector();
  private readonly buckets = new Map<string, Bucket>();
  private readonly listeners: ((event: ObjectEvent) => void)[] = [];

  constructor(
    readonly account: Account,
    readonly cam: Cam,
    readonly clock: SimulatedClock,
    readonly storage: Storage,
  ) {}

  /** Decides which requests fail, and how. */
  set faults(faults: Faults) {
    this.injector.decide = faults;
  }

  /** Creates a bucket. Throws {@link CosError} for a name that COS refuses. */
  createBucket(name: string, region: string, acl: Acl = "private"): Bucket {
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?-\d{10}$/.test(name) || name.length > 60) {
      throw new CosError(400, "InvalidBucketName", `bucket must be name-APPID in 60 characters, got "${name}"`);
    }
    if (!name.endsWith(`-${this.account.appId}`)) {
      throw new CosError(
        403,
        "AccessDenied",
        `bucket must end with the account's APPID ${this.account.appId}, got "${name}"`,
      );
    }
    if (this.buckets.has(name)) throw new CosError(409, "BucketAlreadyExists", `bucket must be new, got "${name}"`);
    const bucket = new Bucket(name, region, acl, this);
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** Removes a bucket. Throws {@link CosError} while it contains objects. */
  deleteBucket(name: string): void {
    if ((this.bucket(name)?.keys().length ?? 0) > 0) {
      throw new CosError(409, "BucketNotEmpty", `The bucket you tried to delete is not empty: ${name}`);
    }
    this.buckets.delete(name);
  }

  /** All buckets, in order of creation. */
  allBuckets(): readonly Bucket[] {
    return [...this.buckets.values()];
  }

  /** The bucket of that name, including its APPID. */
  bucket(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** Calls the listener for every object that is stored or removed. */
  onEvent(listener: (event: ObjectEvent) => void): void {
    this.listeners.push(listener);
  }

  emit(event: ObjectEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  ownerChange(method: "put" | "delete", bucket: Bucket, key: string): Change {
    return this.changeBy(this.cam.ownerKey, method, bucket, key);
  }

  /** A change without a request, signed as if there were one. */
  changeBy(signer: AccessKey, method: "put" | "delete", bucket: Bucket, key: string): Change {
    const path = `/${key.split("/").map(encodeURIComponent).join("/")}`;
    const request = { method, path, query: [], headers: { host: bucket.domain } };
    return {
      requestId: randomBytes(12).toString("hex"),
      sourceIp: "127.0.0.1",
      authorization: authorization(request, signer),
    };
  }
}
