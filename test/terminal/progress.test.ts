import { Progress } from "../../terminal/progress";

function shownOn(stream: { isTTY?: boolean }): { progress: Progress; written: string[] } {
  const written: string[] = [];
  return { progress: new Progress({ ...stream, write: (text) => written.push(text) }), written };
}

beforeEach(() => void jest.useFakeTimers({ now: 0 }));
afterEach(() => void jest.useRealTimers());

describe("progress on a terminal", () => {
  it("rewrites one line, and clears it", () => {
    const { progress, written } = shownOn({ isTTY: true });
    progress.stage("one");
    progress.stage("two");
    progress.clear();
    expect(written).toEqual(["\r\x1b[Kone", "\r\x1b[Ktwo", "\r\x1b[K"]);
  });

  it("is updated ten times a second at most", () => {
    const { progress, written } = shownOn({ isTTY: true });
    for (let ms = 0; ms < 250; ms++) {
      progress.update(`${ms} ms`);
      jest.advanceTimersByTime(1);
    }
    expect(written).toEqual(["\r\x1b[K0 ms", "\r\x1b[K100 ms", "\r\x1b[K200 ms"]);
  });

  it("comes back at once where it was cleared for something else", () => {
    const { progress, written } = shownOn({ isTTY: true });
    progress.update("one");
    progress.clear();
    progress.update("one");
    expect(written).toEqual(["\r\x1b[Kone", "\r\x1b[K", "\r\x1b[Kone"]);
  });
});

describe("progress elsewhere", () => {
  it("writes stages, and an update now and then", () => {
    const { progress, written } = shownOn({});
    progress.stage("one");
    for (let count = 0; count < 100; count++) progress.update(`step ${count}`);
    jest.advanceTimersByTime(5000);
    progress.update("later");
    progress.clear();
    expect(written).toEqual(["one\n", "later\n"]);
  });

  it("says nothing of work that is done in no time", () => {
    const { progress, written } = shownOn({});
    progress.update("1 done");
    progress.clear();
    expect(written).toEqual([]);
  });
});
