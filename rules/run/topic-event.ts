import { Event, type FieldSource, type Fields, type FieldValue } from "./event";
import { fail } from "./values";

const TAG = "__tag__:";
/** Prefix of tags that CLS flattens. */
const FLAT_TAG = "__TAG__.";
const TIME = "__TIMESTAMP__";
const UNDERSCORE = 95;

/** Maximum number of tags that rules can add up to: all are copied for each write. */
const MAX_TAGS = 1024;

/**
 * An event over a CLS record. The rule language's `__time__` (seconds), `__source__` and `__tag__:NAME` are mapped to
 * CLS's `__TIMESTAMP__` (milliseconds), `__SOURCE__` and `__TAG__`, so that rules read and change the record's own
 * values.
 */
export class TopicEvent extends Event {
  override get(name: string): string | undefined {
    if (!isOther(name)) return super.get(name);
    if (name === "__time__") return secondsOf(super.get(TIME)) ?? super.get(name);
    if (name === "__source__") return super.get("__SOURCE__") ?? super.get(name);
    return this.#tag(name.slice(TAG.length)) ?? super.get(name);
  }

  override look(name: string): string | undefined {
    return isOther(name) ? this.get(name) : super.look(name);
  }

  override has(name: string): boolean {
    return isOther(name) ? this.get(name) !== undefined : super.has(name);
  }

  override set(name: string, value: string): void {
    if (!isOther(name)) super.set(name, value);
    else if (name === "__time__" && !this.#isPlain(name, TIME)) super.assign(TIME, millisecondsOf(value));
    else if (name === "__source__" && !this.#isPlain(name, "__SOURCE__")) super.assign("__SOURCE__", value);
    else if (name.startsWith(TAG)) this.#assignTag(name.slice(TAG.length), value);
    else super.set(name, value);
  }

  override delete(name: string): void {
    super.delete(name);
    if (!isOther(name)) return;
    if (name === "__time__") super.delete(TIME);
    else if (name === "__source__") super.delete("__SOURCE__");
    else if (this.has(name)) this.#assignTag(name.slice(TAG.length), undefined);
  }

  override names(): string[] {
    const names = super.names();
    if (!names.some((name) => name.startsWith("__"))) return names;
    return [...new Set(names.flatMap((name) => this.#namesOf(name)))];
  }

  protected override make(fields: Readonly<Fields> | undefined, source: FieldSource | undefined): Event {
    return new TopicEvent(fields, source);
  }

  /** Whether the record has the field under the name of the rule language instead of CLS's. */
  #isPlain(name: string, clsName: string): boolean {
    return super.has(name) && !super.has(clsName);
  }

  #namesOf(name: string): string[] {
    if (name === TIME) return ["__time__"];
    if (name === "__SOURCE__") return ["__source__"];
    if (name === "__TAG__") return Object.keys(this.#tags()).map((tag) => TAG + tag);
    if (name.startsWith(FLAT_TAG)) return [TAG + name.slice(FLAT_TAG.length)];
    return [name];
  }

  #tag(tag: string): string | undefined {
    const tags = this.#tags();
    if (Object.hasOwn(tags, tag)) return textOf(tags[tag]);
    return super.get(FLAT_TAG + tag);
  }

  #assignTag(tag: string, value: string | undefined): void {
    if (super.has(FLAT_TAG + tag)) return super.assign(FLAT_TAG + tag, value);
    const others = Object.entries(this.#tags()).filter(([name]) => name !== tag);
    const entries = value === undefined ? others : [...others, [tag, value] as const];
    if (entries.length > MAX_TAGS) fail(`An event must get at most ${MAX_TAGS} tags, got ${entries.length}`);
    super.assign("__TAG__", entries.length === 0 ? undefined : Object.fromEntries(entries));
  }

  #tags(): Readonly<Fields> {
    const tags = this.value("__TAG__");
    return typeof tags === "object" && tags !== null && !Array.isArray(tags) ? tags : {};
  }
}

/** Whether the rule language has another name for a CLS field. */
function isOther(name: string): boolean {
  if (name.charCodeAt(0) !== UNDERSCORE) return false;
  return name === "__time__" || name === "__source__" || name.startsWith(TAG);
}

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function millisecondsOf(seconds: string): number {
  const milliseconds = Math.round(Number(seconds) * 1000);
  if (seconds.trim() !== "" && Number.isSafeInteger(milliseconds)) return milliseconds;
  return fail(`__time__ must be seconds since 1970, got ${seconds.slice(0, 100)}; use dt_parsetimestamp`);
}

function secondsOf(milliseconds: string | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  const seconds = Math.floor(Number(milliseconds) / 1000);
  return Number.isFinite(seconds) ? String(seconds) : milliseconds;
}
