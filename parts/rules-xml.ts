import type { Implementations } from "../rules/run/implementation";
import { fail, typeName, type Value } from "../rules/run/values";
import { quoted, textOf } from "../rules/functions/options";
import { parseXml } from "./xml/parse-xml";

export const implementations: Implementations = {
  /**
   * `xml_to_json(source)`: an XML document as a dict: attributes are `@name`, text beside them is `#text`, elements of the
   * same name become a list, empty ones None. Fails where the text is no well-formed XML; None gives None.
   */
  xml_to_json: {
    pure: (source: Value): Value => {
      if (source === null) return null;
      if (typeof source === "string" || source instanceof Uint8Array) return parseXml(textOf(source));
      return fail(`xml_to_json must get a text, got ${typeName(source)} ${quoted(source)}`);
    },
  },
};
