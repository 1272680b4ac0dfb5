import regexes from "uap-core/regexes.yaml";
import type { Dict, Value } from "../../rules/run/values";
import { Matcher, replaced } from "./matcher";

/** What a user agent says about its browser, system or device; None if it does not say. */
export type Facts = Readonly<Record<string, string | undefined>>;

const OTHER: Facts = { family: "Other" };

const agents = new Matcher(regexes.user_agent_parsers, (match, pattern): Facts | undefined => {
  const { family_replacement: family, v1_replacement: v1, v2_replacement: v2 } = pattern;
  const name = family === undefined ? match[1] : family.replaceAll("$1", () => match[1] ?? "");
  if (!name) return undefined;
  // An empty version says nothing.
  return {
    family: name,
    major: (v1 ?? match[2]) || undefined,
    minor: (v2 ?? match[3]) || undefined,
    patch: match[4] || undefined,
  };
});

const systems = new Matcher(regexes.os_parsers, (match, pattern): Facts | undefined => {
  const part = (replacement: string | undefined, group: number) =>
    replacement === undefined ? match[group] : replaced(replacement, match);
  const family = part(pattern.os_replacement, 1);
  if (!family) return undefined;
  return {
    family,
    major: part(pattern.os_v1_replacement, 2),
    minor: part(pattern.os_v2_replacement, 3),
    patch: part(pattern.os_v3_replacement, 4),
    patch_minor: part(pattern.os_v4_replacement, 5),
  };
});

const devices = new Matcher(regexes.device_parsers, (match, pattern): Facts | undefined => {
  const { device_replacement: device, brand_replacement: brand, model_replacement: model } = pattern;
  const family = device === undefined ? match[1] : replaced(device, match);
  if (!family) return undefined;
  return {
    family,
    brand: brand === undefined ? undefined : replaced(brand, match),
    model: model === undefined ? match[1] : replaced(model, match),
  };
});

/** Cached results for a user agent, as far as they were requested. */
interface Known {
  agent?: Dict;
  os?: Dict;
  device?: Dict;
}

/** Maximum characters of a user agent that are read: matching takes more than linear time. */
const MAX_LENGTH = 1024;
/**
 * Maximum cached user agents: logs repeat few of them many times, and trying a thousand patterns takes about a millisecond.
 */
const MAX_KNOWN = 4096;
const known = new Map<string, Known>();

const MATCHERS = { agent: agents, os: systems, device: devices };

/** The browser, the system or the device that a user agent names. */
export function parseUserAgent(userAgent: string, what: keyof Known): Dict {
  const text = userAgent.slice(0, MAX_LENGTH);
  const facts = recall(text);
  return (facts[what] ??= dictOf(MATCHERS[what].find(text) ?? OTHER));
}

/** Cached results for a text; the least recently used one is evicted. */
function recall(text: string): Known {
  const facts = known.get(text) ?? {};
  known.delete(text);
  known.set(text, facts);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
  return facts;
}

function dictOf(facts: Facts): Dict {
  return new Map<Value, Value>(
    Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
