import { expression } from "./signature";

export const REGEX = {
  regex_select: expression("x, regex:regex, mi:int=None, gi:int=None"),
  regex_findall: expression("x, regex:regex"),
  regex_match: expression("x, regex:regex, full=False"),
  regex_replace: expression('x, regex:regex, replace="", count:int=0'),
  regex_split: expression("x, regex:regex, maxsplit:int=0"),
};

export const GROK = {
  grok: expression("pattern:grok, escape=False, extend=None", { part: "grok" }),
};
