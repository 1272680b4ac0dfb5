import { compareSchemas } from "./schema";

const schemas = (attribute: object) => ({
  resource_schemas: { tencentcloud_x: { block: { attributes: { a: attribute } } } },
});

test("the same schema has no differences; texts and versions do not count", () => {
  const installed = {
    // The last one only OpenTofu tells.
    ...schemas({ type: "string", optional: true, description: "x", deprecation_message: "y" }),
    data_source_schemas: { other: {} },
  };
  expect(compareSchemas(schemas({ type: "string", optional: true }), installed)).toEqual([]);
});

test("every difference is told: other flags, missing and new arguments, missing resources", () => {
  expect(compareSchemas(schemas({ type: "string" }), schemas({ type: "string", computed: true }))).toEqual([
    "tencentcloud_x.block.attributes.a.computed: nothing here, true installed",
  ]);
  expect(compareSchemas(schemas({ type: "string" }), { resource_schemas: {} })).toEqual([
    'tencentcloud_x: {"block":{"attributes":{"a":{"type":"string"}}}} here, nothing installed',
  ]);
});
