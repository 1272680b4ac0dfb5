import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * Removes the documentation of the rule functions from a bundle: people read it in docs/rules-functions.md, and it
 * would be a tenth of what is deployed. The `doc` of each definition, an object with `parameters` and `doc`, is
 * removed.
 */
export const withoutDocs = {
  name: "without-docs",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]rules[\\/]functions[\\/].*\.ts$/ }, ({ path }) => ({
      contents: withoutDocsOf(path, readFileSync(path, "utf8")),
      loader: "ts",
    })),
};

/** The source with spaces instead of the documentation, so that all positions stay. */
function withoutDocsOf(path, source) {
  let contents = source;
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node) && propertyOf(node, "parameters")) {
      const doc = propertyOf(node, "doc");
      if (doc) contents = blank(contents, doc.getStart(), source.indexOf(",", doc.end) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
  return contents;
}

function propertyOf(literal, name) {
  return literal.properties.find((property) => ts.isPropertyAssignment(property) && property.name.getText() === name);
}

function blank(text, start, end) {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
}
