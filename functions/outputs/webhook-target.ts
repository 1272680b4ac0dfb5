import type { Endpoint } from "../tencent/endpoint";
import { SecretError } from "./secret";

/** The destination of a webhook's requests. */
export interface WebhookTarget {
  readonly endpoint: Endpoint;
  /** Path and query. */
  readonly path: string;
  /** Authorization header from the user and password in the address, if any. */
  readonly authorization?: string;
}

/**
 * Reads a webhook's address, `https://USER:PASSWORD@HOST/PATH?QUERY`; user and password, percent-encoded, are optional and
 * become `Authorization: Basic` (RFC 7617).
 *
 * @param name name of the address in errors: that of its variable
 * @param query added to the address
 * @throws {@link SecretError}, which does not repeat the address
 */
export function targetOf(name: string, address: string, query: Readonly<Record<string, string>> = {}): WebhookTarget {
  const url = urlOf(address);
  const protocol = url?.protocol;
  if (!url || (protocol !== "https:" && protocol !== "http:")) {
    throw new SecretError(`${name} must be an address that begins with https:// or http://, got something else`);
  }
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (protocol === "https:" ? 443 : 80));
  const authorization = authorizationOf(name, url);
  return {
    endpoint: { protocol, hostname, port, host: url.host },
    path: url.pathname + url.search,
    ...(authorization !== undefined && { authorization }),
  };
}

function authorizationOf(name: string, { username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  try {
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(login).toString("base64")}`;
  } catch {
    throw new SecretError(`${name} must hold user and password percent-encoded, got something else; write % as %25`);
  }
}

/** The URL parser drops line ends and tabs anywhere, and surrounding spaces, which would hide a mistake. */
function urlOf(text: string): URL | undefined {
  try {
    return /[\s\p{Cc}]/u.test(text) ? undefined : new URL(text);
  } catch {
    return undefined;
  }
}
