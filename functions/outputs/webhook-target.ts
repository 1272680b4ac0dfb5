import type { Endpoint } from "../tencent/endpoint";
import { SecretError } from "./secret";

/** Where a webhook's requests go. */
export interface WebhookTarget {
  readonly endpoint: Endpoint;
  /** Path and query. */
  readonly path: string;
  /** The header that user and password of the address become, where it holds them. */
  readonly authorization?: string;
}

/**
 * Reads a webhook's address, `https://USER:PASSWORD@HOST/PATH?QUERY`; user and password, percent-encoded, are optional and
 * become `Authorization: Basic` (RFC 7617).
 *
 * @param name what errors call the address: the name of its variable
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

/** The parser of addresses drops line ends and tabs wherever they stand, and spaces around, which hides a mistake. */
function urlOf(text: string): URL | undefined {
  try {
    return /[\s\p{Cc}]/u.test(text) ? undefined : new URL(text);
  } catch {
    return undefined;
  }
}
