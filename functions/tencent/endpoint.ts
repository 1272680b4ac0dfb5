/** Where a request is sent, and the host that it names there. */
export interface Endpoint {
  readonly protocol: "http:" | "https:";
  readonly hostname: string;
  readonly port: number;
  /** The real host, signed and sent as `Host`: it shows bucket and region wherever the request goes. */
  readonly host: string;
}

/** Thrown when `COS_ENDPOINT` is not an address. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
  readonly code = "LOGS_ENDPOINT";
}

/**
 * The endpoint of a bucket. `COS_ENDPOINT`, such as `http://127.0.0.1:9000`, sends its requests to another address; it
 * is unset in the cloud, where the name resolves to an address inside the region.
 */
export function cosEndpoint(bucket: string, region: string, environment: NodeJS.ProcessEnv = process.env): Endpoint {
  const host = `${bucket}.cos.${region}.myqcloud.com`;
  const redirected = environment.COS_ENDPOINT;
  if (!redirected) return { protocol: "https:", hostname: host, port: 443, host };

  const match = /^(https?:)\/\/(\[[0-9a-f:]+\]|[^/:?#]+)(?::(\d+))?\/?$/i.exec(redirected);
  if (!match) {
    throw new EndpointError(
      `COS_ENDPOINT must be http://host:port or https://host:port, got ${JSON.stringify(redirected)}; unset it in the cloud`,
    );
  }
  const protocol = match[1].toLowerCase() === "http:" ? "http:" : "https:";
  const hostname = match[2].replace(/^\[|\]$/g, "");
  return { protocol, hostname, port: Number(match[3] ?? (protocol === "http:" ? 80 : 443)), host };
}
