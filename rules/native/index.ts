/** Rule texts in CLS's data processing dialect, for lib/ and cli/. */
export { compileNative, type NativeOptions, type NativeRules } from "./compile";
