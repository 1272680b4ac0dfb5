/** The used part of the library, which has no types. */
declare module "sax" {
  interface Options {
    /** Whether only the entities of XML are known, and not those of HTML. */
    readonly strictEntities?: boolean;
  }

  interface Parser {
    onerror(error: Error): void;
    onopentagstart(tag: { readonly name: string }): void;
    onattribute(attribute: { readonly name: string; readonly value: string }): void;
    onclosetag(name: string): void;
    ontext(text: string): void;
    oncdata(text: string): void;
    write(text: string): Parser;
    close(): Parser;
  }

  export function parser(strict: boolean, options: Options): Parser;
}
