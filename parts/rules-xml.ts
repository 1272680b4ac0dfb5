import type { Implementations } from "../rules/run/implementation";
import { fail, typeName, type Value } from "../rules/run/values";
import { quoted, textOf } from "../rules/functions/common/options";
import { parseXml } from "./xml/parse-xml";

export const implementations: Implementations = {
  xml_to_json: {
    pure: (source: Value): Value => {
      if (source === null) return null;
      if (typeof source === "string" || source instanceof Uint8Array) return parseXml(textOf(source));
      return fail(`xml_to_json must get a text, got ${typeName(source)} ${quoted(source)}`);
    },
  },
};
