import type { Network } from "../settings";

/** Address to which a request is sent, and its host name. */
export interface Endpoint {
  readonly protocol: "http:" | "https:";
  readonly hostname: string;
  readonly port: number;
  /** The real host, signed and sent as `Host`: it contains bucket and region wherever the request is sent. */
  readonly host: string;
}

/** Thrown when a variable such as `COS_ENDPOINT` is not an address. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
  readonly code = "LOGS_ENDPOINT";
}

/**
 * The endpoint of a bucket. `COS_ENDPOINT`, such as `http://127.0.0.1:9000`, sends its requests to another address; it is
 * not set in the cloud. Fact: docs/design/facts/runtime.md#networks.
 */
export function cosEndpoint(
  { bucket, region, network = "public" }: { bucket: string; region: string; network?: Network },
  environment: NodeJS.ProcessEnv = process.env,
): Endpoint {
  const host = network === "intranet" ? `cos-internal.${region}.tencentcos.cn` : `cos.${region}.myqcloud.com`;
  return endpointOf(`${bucket}.${host}`, "COS_ENDPOINT", environment);
}

/**
 * The endpoint of CLS's uploads in a region; `CLS_ENDPOINT` sends them to another address. Fact:
 * docs/design/facts/runtime.md#networks.
 */
export function clsEndpoint(
  { region, network = "public" }: { region: string; network?: Network },
  environment: NodeJS.ProcessEnv = process.env,
): Endpoint {
  const domain = network === "intranet" ? "tencentyun" : "tencentcs";
  return endpointOf(`${region}.cls.${domain}.com`, "CLS_ENDPOINT", environment);
}

/**
 * The endpoint of a product's API 3.0, such as `scf`: `scf.tencentcloudapi.com`, or the address in `SCF_ENDPOINT`.
 */
export function apiEndpoint(product: string, environment: NodeJS.ProcessEnv = process.env): Endpoint {
  return endpointOf(`${product}.tencentcloudapi.com`, `${product.toUpperCase()}_ENDPOINT`, environment);
}

function endpointOf(host: string, variable: string, environment: NodeJS.ProcessEnv): Endpoint {
  const redirected = environment[variable];
  if (!redirected) return { protocol: "https:", hostname: host, port: 443, host };

  const match = /^(https?:)\/\/(\[[0-9a-f:]+\]|[^/:?#]+)(?::(\d+))?\/?$/i.exec(redirected);
  if (!match) {
    throw new EndpointError(
      `${variable} must be http://host:port or https://host:port, got ${JSON.stringify(redirected)}; unset it in the cloud`,
    );
  }
  const protocol = match[1].toLowerCase() === "http:" ? "http:" : "https:";
  const hostname = match[2].replace(/^\[|\]$/g, "");
  return { protocol, hostname, port: Number(match[3] ?? (protocol === "http:" ? 80 : 443)), host };
}
