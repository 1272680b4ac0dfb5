import type { Definitions } from "../definition";
import { CONVERSION } from "./conversion";
import { DATES } from "./dates";
import { ENCODING } from "./encoding";
import { ENRICHMENT } from "./enrichment";
import { EXTRACTION } from "./extraction";
import { FIELDS } from "./fields";
import { FLOW } from "./flow";
import { IP } from "./ip";
import { LOGIC } from "./logic";
import { REGEX } from "./regex";
import { ROWS } from "./rows";
import { STRINGS } from "./strings";
import { STRUCTURED } from "./structured";

/** All functions of CLS's data processing, by name. */
export const DEFINITIONS: Definitions = {
  ...EXTRACTION,
  ...ENRICHMENT,
  ...FLOW,
  ...ROWS,
  ...FIELDS,
  ...STRUCTURED,
  ...REGEX,
  ...DATES,
  ...STRINGS,
  ...CONVERSION,
  ...LOGIC,
  ...ENCODING,
  ...IP,
};
