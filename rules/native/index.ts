/** Rule texts in the dialect of CLS's own data processing, for lib/ and cli/. */
export { compileNative, type NativeOptions, type NativeRules } from "./compile";
