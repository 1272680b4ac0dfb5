import { expression } from "./signature";

export const STRUCTURED_DATA = {
  json_select: expression("value, jmes:jmes, default=None, restrict=False", { part: "jmes" }),
  json_parse: expression("value, default=None, restrict=False"),
  xml_to_json: expression("source", { part: "xml" }),
};
