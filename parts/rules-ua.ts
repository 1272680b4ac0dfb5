import { textOf } from "../rules/functions/encoding/bytes";
import type { Implementations } from "../rules/run/implementation";
import type { Value } from "../rules/run/values";
import { parseUserAgent } from "./ua/parsers";

/**
 * User agents, by the patterns of uap-core, with the results of Python's `ua-parser`: a dict without unknown values, with
 * family `Other` if no pattern matches. Only the first 1,024 characters are read.
 */
export const implementations: Implementations = {
  ua_parse_agent: { pure: (value: Value) => parseUserAgent(textOf("ua_parse_agent", value), "agent") },

  ua_parse_os: { pure: (value: Value) => parseUserAgent(textOf("ua_parse_os", value), "os") },

  ua_parse_device: { pure: (value: Value) => parseUserAgent(textOf("ua_parse_device", value), "device") },

  ua_parse_all: {
    pure: (value: Value) => {
      const text = textOf("ua_parse_all", value);
      return new Map<Value, Value>([
        ["user_agent", parseUserAgent(text, "agent")],
        ["os", parseUserAgent(text, "os")],
        ["device", parseUserAgent(text, "device")],
      ]);
    },
  },
};
