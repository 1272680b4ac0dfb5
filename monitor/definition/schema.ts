import { CASES_SCHEMA } from "./cases-schema";
import type { JsonSchema } from "./kinds";
import { MATCH_DEFINITION, MATCH_SCHEMA } from "./match";
import { FILE } from "./tables";

/** The JSON schema of a definition, for editors. Checks of the definition as a whole are only done when it is read. */
export const DEFINITION_SCHEMA: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A definition of monitors over topics of CLS",
  ...FILE.schema,
  properties: { ...(FILE.schema.properties as JsonSchema), cases: CASES_SCHEMA },
  $defs: { [MATCH_DEFINITION]: MATCH_SCHEMA },
};
