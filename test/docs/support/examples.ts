import { blocksOf } from "../markdown";
import { CODE_PAGES } from "./pages";
import { runSnippet, type Plan } from "./run";
import { Snippets, type Snippet } from "./snippets";

/** The TypeScript blocks of all pages: compiled together, each run once. */
export class Examples {
  readonly snippets: Snippets;
  private readonly plans = new Map<Snippet, Promise<Plan | undefined>>();

  constructor() {
    const blocks = CODE_PAGES.flatMap((page) => blocksOf(page));
    this.snippets = new Snippets(
      blocks.filter(({ language, notes }) => language === "ts" && notes.shape === undefined),
    );
  }

  /** The plan of the stack that a block uses; undefined if it uses none. Rejects with the block's error. */
  planOf(snippet: Snippet): Promise<Plan | undefined> {
    const plan = this.plans.get(snippet) ?? runSnippet(snippet);
    this.plans.set(snippet, plan);
    return plan;
  }

  /** The plan of a page's first block. */
  async firstPlanOf(page: string): Promise<Plan | undefined> {
    const first = this.snippets.all.find(({ block }) => block.page === page);
    return first && this.planOf(first);
  }
}
