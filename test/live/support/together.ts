/** Limits concurrency. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/**
 * Concurrent tests, limited in number, each with separate resources: for tests that mostly wait. All start before the
 * first test, and the test of each name reports the result.
 */
export class Together<Place> {
  readonly #runs = new Map<string, (place: Place) => Promise<void>>();

  constructor(
    readonly open: () => Promise<{ readonly place: Place; close(): Promise<void> }>,
    readonly atOnce = 6,
  ) {}

  it(name: string, run: (place: Place) => Promise<void>): void {
    if (this.#runs.has(name)) throw new Error(`a test's name must be its own, got ${name} twice`);
    this.#runs.set(name, run);
  }

  /** Declares the tests in the current `describe`. */
  declare(): void {
    const turns = new Turns(this.atOnce);
    const outcomes = new Map<string, Promise<unknown>>();
    beforeAll(() => {
      for (const [name, run] of this.#runs)
        outcomes.set(
          name,
          turns.take(() => this.#outcome(run)),
        );
    });
    afterAll(() => Promise.all(outcomes.values()));
    it.each([...this.#runs.keys()])(
      "%s",
      async (name) => {
        const error = await outcomes.get(name);
        if (error !== undefined) throw error;
      },
      60_000,
    );
  }

  /** Resolves to the error of a test: nobody may await it yet. */
  async #outcome(run: (place: Place) => Promise<void>): Promise<unknown> {
    const { place, close } = await this.open();
    try {
      await run(place);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      await close();
    }
  }
}
