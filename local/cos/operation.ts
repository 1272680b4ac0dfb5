import type { ServerResponse } from "node:http";
import type { ServiceRequest } from "../http/server";
import type { Bucket, Change } from "./bucket";
import type { Cos } from "./cos";
import type { Fault } from "./faults";

/** A request whose bucket is known. */
export interface OperationRequest {
  readonly request: ServiceRequest;
  readonly response: ServerResponse;
  readonly cos: Cos;
  readonly bucket: Bucket;
  readonly key: string;
  readonly fault: Fault;
  /** Who the bucket belongs to, as documents name them. */
  readonly owner: string;
  /** Throws where the signer may not read that object, as one does who copies it. */
  mayRead(bucket: Bucket, key: string): void;
  /** What a change that the request makes is put down to. */
  readonly change: Change;
}

/** What a request does, and the action that a policy must allow for it. */
export interface Operation {
  readonly action: string;
  run(asked: OperationRequest): Promise<void>;
}
