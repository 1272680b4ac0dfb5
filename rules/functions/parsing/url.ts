import { isIPv6 } from "node:net";
import { byStretches } from "../../run/length";
import { fail, isTrue, type Dict, type Value } from "../../run/values";
import { cut, textOf, textOption } from "../encoding/bytes";

/** Schemes whose path can end with `;parameters`. */
const WITH_PARAMS: ReadonlySet<string> = new Set(
  " ftp hdl prospero http imap https shttp rtsp rtsps rtspu sip sips mms sftp tel".split(" "),
);

/** Characters that Python removes from the start of a URL, and within it. */
const LEADING = /^[\x00-\x20]+/;
const BREAKS = /[\t\r\n]/g;

/** `url_parse`: the six parts of a URL. */
export function parseUrl(value: Value, scheme: Value, allowFragments: Value): Dict {
  const caller = "url_parse";
  const text = withoutBreaks(textOf(caller, value).replace(LEADING, ""));
  const [ownScheme, afterScheme] = takeScheme(text);
  const given = withoutBreaks(textOption(caller, "scheme", scheme));
  const [netloc, afterHost] = takeNetloc(afterScheme);
  checkNetloc(caller, netloc);

  const takesFragment = isTrue(allowFragments);
  const [beforeFragment, fragment] = takesFragment ? splitAt(afterHost, afterHost.indexOf("#")) : [afterHost, ""];
  const [path, query] = splitAt(beforeFragment, beforeFragment.indexOf("?"));
  const found = ownScheme ?? given;
  const [barePath, params] = WITH_PARAMS.has(found) ? takeParams(path) : [path, ""];
  return new Map(Object.entries({ scheme: found, netloc, path: barePath, params, query, fragment }));
}

function takeScheme(url: string): [scheme: string | undefined, rest: string] {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url);
  return match ? [match[1].toLowerCase(), url.slice(match[0].length)] : [undefined, url];
}

function takeNetloc(url: string): [netloc: string, rest: string] {
  if (!url.startsWith("//")) return ["", url];
  const length = url.slice(2).search(/[/?#]/);
  return length < 0 ? [url.slice(2), ""] : [url.slice(2, length + 2), url.slice(length + 2)];
}

/** The parameters of the last segment of a path. */
function takeParams(path: string): [path: string, params: string] {
  return splitAt(path, path.indexOf(";", Math.max(0, path.lastIndexOf("/"))));
}

function splitAt(text: string, at: number): [before: string, after: string] {
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function checkNetloc(caller: string, netloc: string): void {
  const open = netloc.indexOf("[");
  if (open >= 0 || netloc.includes("]")) {
    const host = /\[([^\]]*)\]?/.exec(netloc)?.[1] ?? "";
    const isAddress = host.startsWith("v") ? /^v[0-9a-f]+\../i.test(host) : isIPv6(host);
    if (open < 0 || !netloc.includes("]") || !isAddress) {
      fail(`${caller} must get an IPv6 address in brackets, got ${JSON.stringify(cut(netloc))}`);
    }
  }
  // Characters that normalize to delimiters could change the host name for software that normalizes.
  const bare = byStretches(netloc, (stretch) => stretch.replace(/[@:#?]/g, ""));
  const normalized = byStretches(bare, (stretch) => stretch.normalize("NFKC"));
  if (normalized !== bare && /[/?#@:]/.test(normalized)) {
    fail(`${caller} must get a host without characters that stand for delimiters, got ${JSON.stringify(cut(netloc))}`);
  }
}

function withoutBreaks(text: string): string {
  return byStretches(text, (stretch) => stretch.replace(BREAKS, ""));
}
