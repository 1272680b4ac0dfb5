import { expression } from "./signature";

export const PARSING = {
  ua_parse_device: expression("value|ua", { part: "ua" }),
  ua_parse_os: expression("value|ua", { part: "ua" }),
  ua_parse_agent: expression("value|ua", { part: "ua" }),
  ua_parse_all: expression("value|ua", { part: "ua" }),
  url_parse: expression('value|url, scheme="", allow_fragments=True'),
  url_parse_qs: expression(
    'url_qs|qs|value, keep_blank_values=False, strict_parsing=False, encoding:readable?="utf-8", errors:error-mode="replace", ignore_multi_fields=True',
  ),
};
