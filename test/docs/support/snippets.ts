import { join } from "node:path";
import ts from "typescript";
import { ROOT, type Block } from "../markdown";
import { FIXTURES, programOf } from "./program";

/** Folder of blocks for the compiler: next to the fixtures, so that imports are resolved from there. */
const FOLDER = join(ROOT, "test/docs/support");

/** Modules whose exports a block can use without an import, like the surrounding text. */
const FREE = ["cdktf-tencent-logs", "cdktf-tencent-logs/testing", "cdktf-tencent-logs/tencentcloud", "cdktf"];

/** A block of TypeScript as a module. */
export interface Snippet {
  readonly block: Block;
  readonly file: string;
  /** It has the lines of the block, after the added ones. */
  readonly source: string;
  /** Number of added lines before the block's first. */
  readonly offset: number;
}

/**
 * Creates modules from blocks. A block with exports is a module unchanged. Any other becomes the body of
 * `example(fixtures)`, below its own imports, with the fixtures and exports of the package that it uses.
 */
export class Snippets {
  readonly program: ts.Program;
  private readonly exported: ReadonlyMap<string, string>;
  private readonly fixtures: ReadonlySet<string>;
  readonly all: readonly Snippet[];

  constructor(blocks: readonly Block[]) {
    const known = programOf(new Map([[join(FOLDER, "free.ts"), FREE.map((name) => `import "${name}";`).join("\n")]]));
    const checker = known.getTypeChecker();
    this.exported = exportsOf(known, checker);
    this.fixtures = membersOf(known, checker);
    this.all = blocks.map((block, index) => this.snippetOf(block, join(FOLDER, `snippet-${index}.ts`)));
    this.program = programOf(new Map(this.all.map(({ file, source }) => [file, source])), known);
  }

  /** The compiler's errors in a block, with line numbers of its page. */
  faultsOf({ block, file, offset }: Snippet): string[] {
    const source = this.program.getSourceFile(file);
    const found = [...this.program.getSyntacticDiagnostics(source), ...this.program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      const { line } = ts.getLineAndCharacterOfPosition(source as ts.SourceFile, start);
      return `${block.page}:${block.line + 1 + line - offset} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  }

  private snippetOf(block: Block, file: string): Snippet {
    const { before = "" } = block.notes;
    const parsed = ts.createSourceFile(file, `${before}\n${block.code}`, ts.ScriptTarget.Latest, true);
    const imports = parsed.statements.filter(ts.isImportDeclaration);
    const isModule = parsed.statements.some(isExported);
    const free = this.freeNames(parsed);
    const ownImports = imports.map((one) => one.getText());
    const others = free.filter((name) => this.exported.has(name) && !this.fixtures.has(name));
    const used = free.filter((name) => this.fixtures.has(name));
    const head = [
      ...(isModule ? [] : ownImports),
      ...others.map((name) => `import { ${name} } from "${this.exported.get(name)}";`),
    ].join(" ");
    const code = isModule ? block.code : withoutImports(block.code, file);
    const intoFunction = `import type { Fixtures } from "./fixtures"; export async function example(${used.length > 0 ? `{ ${used.join(", ")} }` : "_"}: Fixtures): Promise<void> {`;
    const lines = isModule ? [head, before] : [head, intoFunction, before];
    const source = `${lines.join("\n")}\n${code}\n${isModule ? "" : "}\n"}`;
    return { block, file, source, offset: lines.join("\n").split("\n").length };
  }

  /** Names that a block uses without defining them: identifiers at the place of a value or a type. */
  private freeNames(source: ts.SourceFile): string[] {
    const used = new Set<string>();
    const declared = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) (isDeclaration(node) ? declared : isUse(node) ? used : new Set()).add(node.text);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return [...used].filter((name) => !declared.has(name)).sort();
  }
}

/** Names that the free modules export, with the first module that exports them. */
function exportsOf(program: ts.Program, checker: ts.TypeChecker): Map<string, string> {
  const exported = new Map<string, string>();
  const source = program.getSourceFile(join(FOLDER, "free.ts"));
  for (const statement of source?.statements.filter(ts.isImportDeclaration) ?? []) {
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    const name = (statement.moduleSpecifier as ts.StringLiteral).text;
    if (!module) throw new Error(`${name} must be found as it was built; run npm run build`);
    for (const one of checker.getExportsOfModule(module)) {
      if (!exported.has(one.name)) exported.set(one.name, name);
    }
  }
  return exported;
}

/** Names of the fixtures. */
function membersOf(program: ts.Program, checker: ts.TypeChecker): Set<string> {
  const source = program.getSourceFile(FIXTURES);
  const [made] = source?.statements.filter(ts.isClassDeclaration) ?? [];
  const names = checker.getTypeAtLocation(made).getProperties();
  return new Set(names.filter((one) => !isPrivate(one)).map(({ name }) => name));
}

function isPrivate({ valueDeclaration }: ts.Symbol): boolean {
  return (
    valueDeclaration !== undefined && (ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Private) !== 0
  );
}

function isExported(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement) || ts.isExportDeclaration(statement)) return true;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** Replaces imports, which are not allowed in a function, by spaces, so that all positions stay. */
function withoutImports(code: string, file: string): string {
  const { statements } = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  return statements.filter(ts.isImportDeclaration).reduce((text, one) => {
    const [start, end] = [one.getStart(), one.end];
    return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
  }, code);
}

function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.name === node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return true;
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isClassDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent);
  return declares && parent.name === node;
}

function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertySignature(parent)) {
    return parent.name !== node;
  }
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  return true;
}
