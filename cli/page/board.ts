import { drawingOf } from "../graph/drawing";
import type { Graph } from "../graph/graph";
import { type Actions, type Item, MAX_TEXT, type Note, type NumberedItem, type Remarks, type State } from "./items";
import { Rates } from "./rates";
import { Ring } from "./ring";

/** Maximum items stored for pages that connect, or reconnect. */
const MAX_ITEMS = 20_000;
/** Maximum characters of all stored items. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** Maximum notes in the list; further ones are only counted. */
export const MAX_NOTES = 200;
/** Milliseconds between two checks for changed counts and notes. */
const LOOK_MS = 250;

const NO_GRAPH: Graph = { version: 1, stacks: [], nodes: [], edges: [], buckets: [], roles: [], notDrawn: [] };

/** The content of the page, stored for all viewers; its size is limited. */
export class Board {
  readonly items = new Ring<NumberedItem>(MAX_ITEMS, MAX_CHARACTERS);
  readonly rates = new Rates();
  /** Called for each item. */
  onItem: () => void = () => undefined;
  /** Called for each change of the state, with the changes. */
  onState: (state: State) => void = () => undefined;
  #graph = NO_GRAPH;
  #title: string;
  #actions: Actions = { replay: false, feed: [], trials: [] };
  readonly #notes = new Map<string, Note>();
  #areNotesNew = false;
  /** Number of notes that were not read. */
  #unreadNotes = 0;
  #remarks: Remarks = { quarantine: [], alerts: [] };
  readonly #timer: NodeJS.Timeout;

  constructor(title: string) {
    this.#title = title;
    this.#timer = setInterval(() => this.#tellChanges(), LOOK_MS);
    this.#timer.unref();
  }

  get graph(): Graph {
    return this.#graph;
  }

  /** Everything that a new page needs. */
  get state(): State {
    return {
      title: this.#title,
      picture: this.#picture,
      counts: this.rates.counts(),
      ...this.#noteState,
      remarks: this.#remarks,
      actions: this.#actions,
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  add(item: Item): void {
    const text = "text" in item ? item.text : "";
    const short =
      text.length > MAX_TEXT ? { ...item, text: `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` } : item;
    this.items.add((number) => ({ ...short, number }), 100 + Math.min(text.length, MAX_TEXT));
    this.onItem();
  }

  news(text: string, level: "info" | "error" = "info", time = Date.now()): void {
    this.add({ type: "news", time, level, text });
  }

  setGraph(graph: Graph): void {
    this.#graph = graph;
    this.onState({ picture: this.#picture, counts: this.rates.counts() });
  }

  setActions(actions: Actions): void {
    this.#actions = actions;
    this.onState({ actions });
  }

  /** Sets remarks about what a panel cannot show. */
  setRemarks(remarks: Partial<Remarks>): void {
    const told = JSON.stringify(this.#remarks);
    this.#remarks = { ...this.#remarks, ...remarks };
    if (JSON.stringify(this.#remarks) !== told) this.onState({ remarks: this.#remarks });
  }

  /** Sets all notes. @param unread number of further notes */
  setNotes(notes: readonly Note[], unread: number): void {
    const told = JSON.stringify(this.#noteState);
    this.#notes.clear();
    this.#unreadNotes = unread;
    for (const note of notes) this.#notes.set(`${note.bucket}/${note.key}`, note);
    this.#areNotesNew ||= JSON.stringify(this.#noteState) !== told;
  }

  addNote(note: Note): void {
    this.#notes.set(`${note.bucket}/${note.key}`, note);
    this.#areNotesNew = true;
  }

  removeNote({ bucket, key }: { readonly bucket: string; readonly key: string }): void {
    if (this.#notes.delete(`${bucket}/${key}`)) this.#areNotesNew = true;
  }

  get #picture(): State["picture"] {
    return { graph: this.#graph, drawing: drawingOf(this.#graph, { withRates: true }) };
  }

  get #noteState(): State {
    const notes = [...this.#notes.values()];
    return { notes: notes.slice(-MAX_NOTES), moreNotes: Math.max(0, notes.length - MAX_NOTES) + this.#unreadNotes };
  }

  #tellChanges(): void {
    const counts = this.rates.counts({ changed: true });
    if (Object.keys(counts).length > 0) this.onState({ counts });
    if (this.#areNotesNew) this.onState(this.#noteState);
    this.#areNotesNew = false;
  }
}
