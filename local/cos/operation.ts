import type { ServerResponse } from "node:http";
import type { ServiceRequest } from "../http/server";
import type { Bucket, Change } from "./bucket";
import type { Cos } from "./cos";
import type { Fault } from "./faults";

/** A request with its bucket. */
export interface OperationRequest {
  readonly request: ServiceRequest;
  readonly response: ServerResponse;
  readonly cos: Cos;
  readonly bucket: Bucket;
  readonly key: string;
  readonly fault: Fault;
  /** Owner of the bucket in documents. */
  readonly owner: string;
  /** Throws if the signer is not allowed to read that object, for example to copy it. */
  mayRead(bucket: Bucket, key: string): void;
  /** The change that the request makes. */
  readonly change: Change;
}

/** An operation, and the action that a policy must allow for it. */
export interface Operation {
  readonly action: string;
  run(asked: OperationRequest): Promise<void>;
}
