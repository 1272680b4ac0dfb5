import ts from "typescript";
import { ENTRIES } from "../docs/support/program";
import { isHidden, isOurs, type Exported, type Surface } from "../docs/support/surface";

/** Where the report stands, from the root. */
export const API_REPORT = "test/contract/public-api.md";

const printer = ts.createPrinter({ removeComments: true });

/**
 * The public face of the package as text: each export with its declaration, and each type of ours that an export names
 * without being exported itself. A change of it shows in a diff, docstrings and private members do not.
 */
export function apiReport(surface: Surface): string {
  const exported = Object.keys(ENTRIES).map((entry) => ({ entry, exports: surface.exportsOf(entry) }));
  const sections = exported.map(({ entry, exports }) =>
    section(
      entry,
      exports.map((one) => textOf(one.declarations)),
    ),
  );
  const reached = reachedFrom(
    surface,
    exported.flatMap(({ exports }) => exports),
  );
  const others = section(
    "Named by exports, and not exported",
    reached.map((symbol) => textOf(symbol.declarations ?? [])),
  );
  return `# Public API

What \`import\` finds, as the build declares it. Written by \`npm run docs:update\`; a test compares it. Each difference is a
change for users: [docs/upgrading.md](../../docs/upgrading.md) says which one needs a new major version.

\`cdktf-tencent-logs/tencentcloud\` re-exports the provider's generated bindings, which \`provider/schema.json\` determines.

${[...sections, others].join("\n")}`;
}

function section(title: string, texts: readonly string[]): string {
  return `## ${title}\n\n${texts.map((text) => `\`\`\`typescript\n${text}\n\`\`\`\n`).join("\n")}`;
}

/** The declarations of one name, without what users cannot reach. */
function textOf(declarations: readonly ts.Declaration[]): string {
  return declarations
    .map((declaration) => {
      const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      const source = declaration.getSourceFile();
      const shown = withSortedUnions(withoutHidden(statement), source);
      return printer
        .printNode(ts.EmitHint.Unspecified, shown, source)
        .replace(/^export declare |^export |^declare /, "");
    })
    .join("\n");
}

function withoutHidden(node: ts.Node): ts.Node {
  if (!ts.isClassDeclaration(node)) return node;
  const members = node.members.filter((member) => !isHidden(member) && !isPrivateName(member));
  return ts.factory.updateClassDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  );
}

/** The compiler writes the members of a union that it infers in the order in which it met them, which differs from build to build. */
function withSortedUnions(node: ts.Node, source: ts.SourceFile): ts.Node {
  const textOfType = (type: ts.TypeNode) => printer.printNode(ts.EmitHint.Unspecified, type, source);
  const { transformed } = ts.transform(node, [
    (context) => {
      const visit = (one: ts.Node): ts.Node => {
        const inner = ts.visitEachChild(one, visit, context);
        if (!ts.isUnionTypeNode(inner)) return inner;
        const texts = new Map(inner.types.map((type) => [type, textOfType(type)]));
        const sorted = [...inner.types].sort((a, b) => ((texts.get(a) ?? "") < (texts.get(b) ?? "") ? -1 : 1));
        return ts.factory.createUnionTypeNode(sorted);
      };
      return (root) => ts.visitNode(root, visit);
    },
  ]);
  return transformed[0];
}

function isPrivateName({ name }: ts.ClassElement): boolean {
  return name !== undefined && ts.isPrivateIdentifier(name);
}

/** The definitions of the rule functions are behind a type that only takes their names, which have a page of their own. */
const NOT_FOLLOWED = /\/dist\/rules\//;

/** Types of ours that the declarations name, and those that these name, by name. */
function reachedFrom({ checker }: Surface, exports: readonly Exported[]): ts.Symbol[] {
  const known = new Set(exports.map(({ symbol }) => symbol));
  const reached = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    if (isHidden(node)) return;
    if (ts.isIdentifier(node)) {
      const found = checker.getSymbolAtLocation(node);
      const symbol = found && found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
      if (symbol && isTopLevel(symbol) && !known.has(symbol) && !reached.has(symbol)) {
        reached.add(symbol);
        symbol.declarations?.forEach(visit);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const { declarations } of exports) declarations.forEach(visit);
  return [...reached].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A class, an interface, a type, a function or a constant of one of our modules. */
function isTopLevel({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => {
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    // A module is a declaration too: what `import * as` names.
    return (
      !ts.isSourceFile(statement) &&
      ts.isSourceFile(statement.parent) &&
      isOurs(statement.getSourceFile()) &&
      !NOT_FOLLOWED.test(statement.getSourceFile().fileName)
    );
  });
}
