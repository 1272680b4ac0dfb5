type Schema = Readonly<Record<string, unknown>>;

/** The supported schema keywords; a test ensures that our schemas use no others. */
export const KEYWORDS = [
  ...["$schema", "$defs", "$ref", "title", "description", "default"],
  ...["type", "const", "enum", "anyOf", "pattern", "minLength", "minimum", "maximum", "items", "minItems"],
  ...["properties", "required", "additionalProperties", "propertyNames", "minProperties"],
];

/** Whether a value is valid by a JSON schema with only these keywords, as an editor checks it. */
export function isValid(value: unknown, schema: Schema, root: Schema = schema): boolean {
  const holds = (keyword: string, check: (argument: never) => boolean): boolean =>
    schema[keyword] === undefined || check(schema[keyword] as never);
  const valid = (part: unknown, of: Schema): boolean => isValid(part, of, root);
  const members = isMap(value) ? value : {};
  const { properties = {}, additionalProperties = {} } = schema as Record<string, Record<string, Schema>>;
  return (
    holds("$ref", (path: string) => valid(value, at(root, path))) &&
    holds("type", (type: string) => typeOf(value, type)) &&
    holds("const", (one: unknown) => value === one) &&
    holds("enum", (words: unknown[]) => words.includes(value)) &&
    holds("anyOf", (several: Schema[]) => several.some((one) => valid(value, one))) &&
    holds("pattern", (pattern: string) => typeof value !== "string" || new RegExp(pattern, "u").test(value)) &&
    holds("minLength", (least: number) => typeof value !== "string" || value.length >= least) &&
    holds("minimum", (least: number) => typeof value !== "number" || value >= least) &&
    holds("maximum", (most: number) => typeof value !== "number" || value <= most) &&
    holds("minItems", (least: number) => !Array.isArray(value) || value.length >= least) &&
    holds("items", (item: Schema) => !Array.isArray(value) || value.every((one) => valid(one, item))) &&
    holds("required", (names: string[]) => !isMap(value) || names.every((name) => name in value)) &&
    holds("minProperties", (least: number) => !isMap(value) || Object.keys(value).length >= least) &&
    holds("propertyNames", (names: Schema) => Object.keys(members).every((name) => valid(name, names))) &&
    Object.entries(members).every(([name, member]) => {
      if (Object.hasOwn(properties, name)) return valid(member, properties[name]);
      return schema.additionalProperties !== false && valid(member, additionalProperties as unknown as Schema);
    })
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isMap(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function at(root: Schema, path: string): Schema {
  return path
    .split("/")
    .slice(1)
    .reduce<Schema>((schema, key) => schema[key] as Schema, root);
}
