import type { Implementations } from "../run/implementation";
import { ARITHMETIC } from "./arithmetic";
import { CHECKS } from "./checks";
import { CONVERSION } from "./conversion";
import { DATES } from "./dates";
import { ENCODING } from "./encoding";
import { EVENTS } from "./events";
import { EXTRACTION } from "./extraction";
import { FIELDS } from "./fields";
import { FLOW } from "./flow";
import { IP } from "./ip";
import { LISTS } from "./lists";
import { MAPPING } from "./mapping";
import { OPERATORS } from "./operators";
import { PARSING } from "./parsing";
import { REGEX } from "./regex";
import { RESOURCES } from "./resources";
import { STRINGS } from "./strings";
import { STRUCTURED } from "./structured";
import { TABLES } from "./tables";

/** What stands in `rules.js`; functions with a `part` stand in that part, under the same contract. */
export const IMPLEMENTATIONS: Implementations = {
  ...FLOW,
  ...EVENTS,
  ...FIELDS,
  ...EXTRACTION,
  ...MAPPING,
  ...CHECKS,
  ...OPERATORS,
  ...CONVERSION,
  ...ARITHMETIC,
  ...STRINGS,
  ...DATES,
  ...REGEX,
  ...STRUCTURED,
  ...IP,
  ...ENCODING,
  ...PARSING,
  ...LISTS,
  ...TABLES,
  ...RESOURCES,
};
