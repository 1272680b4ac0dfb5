import { LOCAL_DOMAIN } from "./account";
import type { LocalCloud } from "./cloud";

/**
 * Environment variables, only for Terraform's process, that direct the real provider to a local cloud as its proxy, so
 * that the provider's own host names of services and buckets stay. Fact:
 * docs/design/facts/provider.md#another-endpoint.
 */
export function terraformEnvironment(cloud: LocalCloud, region: string): Record<string, string> {
  return {
    TENCENTCLOUD_SECRET_ID: cloud.cam.ownerKey.secretId,
    TENCENTCLOUD_SECRET_KEY: cloud.cam.ownerKey.secretKey,
    TENCENTCLOUD_REGION: region,
    TENCENTCLOUD_PROTOCOL: "HTTP",
    TENCENTCLOUD_DOMAIN: LOCAL_DOMAIN,
    TENCENTCLOUD_COS_DOMAIN: `http://cos.${region}.${LOCAL_DOMAIN}`,
    // Minutes that the provider retries errors that look temporary.
    TENCENTCLOUD_READ_RETRY_TIMEOUT: "1",
    TENCENTCLOUD_WRITE_RETRY_TIMEOUT: "1",
    // Used by the stack's own scripts, which run as provisioners.
    CLS_ENDPOINT: cloud.endpoint,
    SCF_ENDPOINT: cloud.endpoint,
    HTTP_PROXY: cloud.endpoint,
    http_proxy: cloud.endpoint,
    NO_PROXY: "",
    no_proxy: "",
  };
}
