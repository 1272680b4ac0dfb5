import { expression } from "./signature";

export const EVENT_CHECKS = {
  v: expression("*fields, default=None"),
  e_has: expression("field"),
  e_not_has: expression("field"),
  e_search: expression("query:query"),
  e_match: expression("field, regex:regex, full=True"),
  e_match_all: expression("*(field, regex:regex), full=True"),
  e_match_any: expression("*(field, regex:regex), full=True"),
};
