import { expression, type Definitions } from "../definition";
import { select } from "../jmes";
import { parseJson } from "../json";
import { RowFailure } from "../values";
import { valueOfXml, xmlOf } from "../xml";

/** Functions on JSON and XML. Fact: docs/design/facts/rules.md#dialect-structures. */
export const STRUCTURED: Definitions = {
  json_select: expression("data jmes", (args) => {
    const value = parseJson(args.text("data"));
    return value === undefined ? null : select(args.text("jmes"), value);
  }),
  xml_to_json: expression("data", (args) => valueOfXml(args.text("data"))),
  json_to_xml: expression("data", (args) => {
    const value = parseJson(args.text("data"));
    if (value === undefined) throw new RowFailure("json_to_xml must get JSON");
    return xmlOf(value);
  }),
  /** An object or a list: for CLS, a bare word or number is not JSON. */
  if_json: expression("data", (args) => {
    const value = parseJson(args.text("data"));
    return typeof value === "object" && value !== null;
  }),
};
