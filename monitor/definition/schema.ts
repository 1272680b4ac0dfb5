import type { JsonSchema } from "./kinds";
import { MATCH_DEFINITION, MATCH_SCHEMA } from "./match";
import { FILE } from "./tables";

/** The JSON schema of a definition, for editors. What the definition says as a whole only its reading knows. */
export const DEFINITION_SCHEMA: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A definition of monitors over topics of CLS",
  ...FILE.schema,
  $defs: { [MATCH_DEFINITION]: MATCH_SCHEMA },
};
