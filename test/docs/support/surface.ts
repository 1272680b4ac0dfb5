import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../markdown";
import { declarationsOf, ENTRIES, programOf } from "./program";

/** An export of an entry point. */
export interface Exported {
  readonly name: string;
  readonly symbol: ts.Symbol;
  readonly declarations: readonly ts.Declaration[];
  readonly doc: string;
}

/** A prop in a table of the docs. */
export interface DocumentedProp {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** The text after `@default`. */
  readonly fallback?: string;
  readonly doc: string;
}

/** The public API: the built declarations, with their docstrings. */
export class Surface {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;

  /** @param program includes the declarations of all entry points */
  constructor(program: ts.Program = programOf(new Map())) {
    this.program = program;
    this.checker = program.getTypeChecker();
  }

  /** The exports of an entry point, by name. */
  exportsOf(entry: string): Exported[] {
    const source = this.program.getSourceFile(declarationsOf(entry));
    const module = source && this.checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${entry} must have been built, got no declarations; run npm run build`);
    return this.checker
      .getExportsOfModule(module)
      .map((alias) => this.documented(alias.name, this.original(alias)))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The named export of an entry point. */
  exported(name: string): Exported {
    const found = Object.keys(ENTRIES)
      .flatMap((entry) => this.exportsOf(entry))
      .find((one) => one.name === name);
    if (!found) throw new Error(`the package must export ${name}, got nothing of that name`);
    return found;
  }

  /** The props of an interface: required ones first, then its own, then shared ones. */
  propsOf(name: string, { own = false } = {}): DocumentedProp[] {
    const { symbol } = this.exported(name);
    const type = this.checker.getDeclaredTypeOfSymbol(symbol);
    const isOwn = (prop: ts.Symbol): boolean =>
      prop.declarations?.some(({ parent }) => ts.isInterfaceDeclaration(parent) && parent.name.text === name) ?? false;
    const props = type.getProperties().filter((prop) => !own || isOwn(prop));
    const order = (prop: ts.Symbol): number => (isOptional(prop) ? 2 : 0) + (isOwn(prop) ? 0 : 1);
    return props
      .map((prop, index) => ({ prop, index }))
      .sort((one, other) => order(one.prop) - order(other.prop) || one.index - other.index)
      .map(({ prop }) => this.propOf(prop));
  }

  /** Public members that a class or an interface declares itself, with their docstrings. */
  membersOf({ declarations }: Exported): { name: string; doc: string; node: ts.Node }[] {
    return declarations
      .filter((one) => ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one))
      .flatMap((one): readonly (ts.ClassElement | ts.TypeElement)[] => one.members)
      .filter((member) => member.name !== undefined && !ts.isPrivateIdentifier(member.name) && !isHidden(member))
      .map((node) => {
        const symbol = this.checker.getSymbolAtLocation(node.name as ts.Node);
        return { name: node.name?.getText() ?? "", doc: symbol ? this.docOf(symbol) : "", node };
      });
  }

  private original(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private documented(name: string, symbol: ts.Symbol): Exported {
    return { name, symbol, declarations: symbol.declarations ?? [], doc: this.docOf(symbol) };
  }

  private docOf(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
  }

  private propOf(prop: ts.Symbol): DocumentedProp {
    const tags = prop.getJsDocTags(this.checker);
    const fallback = tags.find(({ name }) => name === "default");
    const [declaration] = prop.declarations ?? [];
    const type = declaration && ts.isPropertySignature(declaration) ? declaration.type?.getText() : undefined;
    return {
      name: prop.name,
      type: (type ?? this.checker.typeToString(this.checker.getTypeOfSymbol(prop))).replace(/\s+/g, " "),
      isRequired: !isOptional(prop),
      ...(fallback && { fallback: ts.displayPartsToString(fallback.text) }),
      doc: this.docOf(prop),
    };
  }
}

export function isOptional(prop: ts.Symbol): boolean {
  return (prop.flags & ts.SymbolFlags.Optional) !== 0;
}

/** Whether users of the package cannot access it. */
export function isHidden(member: ts.Node): boolean {
  const flags = ts.getCombinedModifierFlags(member as ts.Declaration);
  return (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
}

/** Whether a file is built from our own code; the provider's bindings are generated. */
export function isOurs(source: ts.SourceFile): boolean {
  const path = relative(join(ROOT, "dist"), source.fileName);
  return !path.startsWith("..") && !path.startsWith("provider") && !path.includes("node_modules");
}
