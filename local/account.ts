import { randomBytes } from "node:crypto";

/** The account that a local cloud runs for. */
export interface Account {
  /** Ends every bucket's name; COS resources in policies name it. */
  readonly appId: string;
  /** The main account; CLS and SCF resources in policies name it. */
  readonly uin: string;
}

/** A key that signs requests; a temporary one comes with a token. */
export interface AccessKey {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** The account of a local cloud, unless another APPID is asked for. */
export const DEFAULT_APP_ID = "1250000000";

/** UIN of every local account; nothing but policies and CLS's own resource names shows it. */
export const LOCAL_UIN = "100000000001";

/**
 * The domain under which Terraform's provider finds the services: `cls.tencent.invalid`, `<bucket>.cos.<region>.tencent.invalid`.
 * A name that never resolves, so that nothing leaves the machine where the proxy is forgotten.
 */
export const LOCAL_DOMAIN = "tencent.invalid";

/** A key as Tencent Cloud forms them, made up anew each time. */
export function newAccessKey(temporary: boolean): AccessKey {
  const key = {
    secretId: `AKID${randomBytes(24).toString("hex").slice(0, 32)}`,
    secretKey: randomBytes(16).toString("hex"),
  };
  return temporary ? { ...key, sessionToken: randomBytes(48).toString("base64url") } : key;
}
