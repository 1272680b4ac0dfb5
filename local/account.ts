import { randomBytes } from "node:crypto";

/** The account of a local cloud. */
export interface Account {
  /** Suffix of bucket names; COS resources in policies include it. */
  readonly appId: string;
  /** The main account; CLS and SCF resources in policies include it. */
  readonly uin: string;
}

/** A key that signs requests; a temporary one has a token. */
export interface AccessKey {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** The account of a local cloud, unless another APPID is requested. */
export const DEFAULT_APP_ID = "1250000000";

/** UIN of every local account; visible only in policies and in CLS's own resource names. */
export const LOCAL_UIN = "100000000001";

/**
 * The domain under which Terraform's provider finds the services: `cls.tencent.invalid`,
 * `<bucket>.cos.<region>.tencent.invalid`. The name never resolves, so nothing leaves the machine if the proxy is not
 * set.
 */
export const LOCAL_DOMAIN = "tencent.invalid";

/** A random key in Tencent Cloud's format. */
export function newAccessKey(temporary: boolean): AccessKey {
  const key = {
    secretId: `AKID${randomBytes(24).toString("hex").slice(0, 32)}`,
    secretKey: randomBytes(16).toString("hex"),
  };
  return temporary ? { ...key, sessionToken: randomBytes(48).toString("base64url") } : key;
}
