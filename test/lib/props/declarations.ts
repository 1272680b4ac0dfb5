import { join } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../../..");

/** A prop as the declarations have it. */
export interface DeclaredProp {
  /** Names that lead to it; of a list's items, and of a map's, the base of the construct says which. */
  readonly name: string;
  readonly isOptional: boolean;
  /** Names of the {@link Values} that the compiler would take. */
  readonly fits: ReadonlySet<string>;
  /** Props of its own: those of the object, of the list's items, or of the map's. */
  readonly nested: readonly DeclaredProp[];
}

/**
 * What the package's entry point exports and takes props: `LogTopic` for a constructor, `LogTopic.fromTopicAttributes` for
 * a static method, with the props of its last parameter.
 */
export function declaredProps(): ReadonlyMap<string, readonly DeclaredProp[]> {
  return new Declarations().subjects();
}

class Declarations {
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;
  private readonly values: readonly ts.Symbol[];

  constructor() {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.test.json"), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const files = [join(ROOT, "lib/index.ts"), join(__dirname, "values.ts")];
    this.program = ts.createProgram(files, { ...options, noEmit: true, skipLibCheck: true });
    this.checker = this.program.getTypeChecker();
    const [values] = this.exportsOf(files[1]).filter(({ name }) => name === "Values");
    this.values = this.checker.getDeclaredTypeOfSymbol(values).getProperties();
  }

  subjects(): Map<string, readonly DeclaredProp[]> {
    const subjects = new Map<string, readonly DeclaredProp[]>();
    for (const exported of this.exportsOf(join(ROOT, "lib/index.ts"))) {
      const declaration = this.original(exported).valueDeclaration;
      if (!declaration || !ts.isClassDeclaration(declaration) || isOnlyType(exported) || isError(declaration)) continue;
      for (const member of declaration.members) {
        const name = subjectName(exported.name, member);
        const parameter = name && (member as ts.MethodDeclaration).parameters.at(-1);
        if (name === undefined || !parameter || !/^(props|given|options|attributes)$/.test(parameter.name.getText()))
          continue;
        subjects.set(name, this.propsOf(this.checker.getTypeAtLocation(parameter)));
      }
    }
    return subjects;
  }

  private exportsOf(file: string): ts.Symbol[] {
    const source = this.program.getSourceFile(file);
    const module = source && this.checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} must be a module, got none`);
    return this.checker.getExportsOfModule(module);
  }

  private original(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private propsOf(type: ts.Type): DeclaredProp[] {
    return this.checker
      .getNonNullableType(type)
      .getProperties()
      .map((property) => {
        const declared = this.checker.getTypeOfSymbol(property);
        const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
        const fits = this.values.filter((value) =>
          this.checker.isTypeAssignableTo(this.checker.getTypeOfSymbol(value), declared),
        );
        const nested = this.nestedIn(declared);
        return {
          name: property.name,
          isOptional,
          fits: new Set(fits.map(({ name }) => name)),
          nested: nested === undefined ? [] : this.propsOf(nested),
        };
      });
  }

  /** The type of the objects that a prop holds, where they are plain: of its own, of its items, or of its values. */
  private nestedIn(type: ts.Type): ts.Type | undefined {
    const one = this.checker.getNonNullableType(type);
    const options = one.isUnion() ? one.types : [one];
    for (const option of options) {
      const item = this.checker.getIndexTypeOfType(option, ts.IndexKind.Number) ?? option.getStringIndexType();
      const held = item ?? option;
      if (this.isPlain(held)) return held;
    }
    return undefined;
  }

  /** An interface or a literal of ours without methods: what people write as an object. */
  private isPlain(type: ts.Type): boolean {
    if (!(type.flags & ts.TypeFlags.Object) || type.getCallSignatures().length > 0 || type.getNumberIndexType())
      return false;
    const properties = type.getProperties();
    return (
      properties.length > 0 &&
      type.symbol !== undefined &&
      !type.isClass() &&
      properties.every((property) => {
        const [declaration] = property.getDeclarations() ?? [];
        return declaration !== undefined && ts.isPropertySignature(declaration) && isOurs(declaration);
      }) &&
      !/^I[A-Z]/.test(type.symbol.name)
    );
  }
}

function subjectName(className: string, member: ts.ClassElement): string | undefined {
  if (ts.isConstructorDeclaration(member)) {
    return member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ? undefined : className;
  }
  const isStatic =
    ts.canHaveModifiers(member) && member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  return ts.isMethodDeclaration(member) && isStatic ? `${className}.${member.name.getText()}` : undefined;
}

function isOnlyType({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => ts.isExportSpecifier(declaration) && declaration.isTypeOnly);
}

function isError({ heritageClauses }: ts.ClassDeclaration): boolean {
  return heritageClauses?.some((clause) => clause.getText() === "extends Error") ?? false;
}

function isOurs(declaration: ts.Declaration): boolean {
  const { fileName } = declaration.getSourceFile();
  return fileName.startsWith(join(ROOT, "lib/"));
}
