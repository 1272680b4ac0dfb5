export { compileQuery } from "./compile";
export { QueryError } from "./tree";
