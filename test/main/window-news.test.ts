import { describe, expect, test, vi } from "vitest";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { News } from "../../src/main/notifier";
import { windowNews } from "../../src/main/window-news";

function makeNews(response = 1) {
  const posted: News[] = [];
  const showMessageBox = vi.fn(() => Promise.resolve({ response }));
  return { posted, showMessageBox, news: windowNews((news) => posted.push(news), { showMessageBox }) };
}

describe("windowNews", () => {
  test("tells of a crash without a question", () => {
    const { posted, showMessageBox, news } = makeNews();
    news.crashed("Macroscope preview", "oom");
    expect(posted).toMatchObject([{ severity: Severity.WARNING, code: "page_crashed" }]);
    expect(posted[0]?.message).toContain("Macroscope preview");
    expect(showMessageBox).not.toHaveBeenCalled();
  });

  test("tells of a page that is gone in the operator's window, and asks where that is the one", async () => {
    const { posted, showMessageBox, news } = makeNews(0);
    const again = vi.fn();
    news.gaveUp("Macroscope preview", "It ended four times.", false, again);
    expect(showMessageBox).not.toHaveBeenCalled();
    news.gaveUp("Macroscope", "It ended four times.", true, again);
    expect(posted.map(({ code, severity }) => [code, severity])).toEqual([
      ["page_gone", Severity.ERROR],
      ["page_gone", Severity.ERROR],
    ]);
    await vi.waitFor(() => {
      expect(again).toHaveBeenCalledOnce();
    });
  });

  test("loads nothing again when nobody wants that", async () => {
    const { showMessageBox, news } = makeNews(1);
    const again = vi.fn();
    news.gaveUp("Macroscope", "It ended four times.", true, again);
    await showMessageBox.mock.results[0]?.value;
    expect(again).not.toHaveBeenCalled();
  });

  test("asks once about a page that does not answer, whichever window's, and again when it hangs again", async () => {
    const { posted, showMessageBox, news } = makeNews(0);
    const again = vi.fn();
    news.hung("Macroscope", again);
    news.hung("Macroscope", again);
    expect(showMessageBox).toHaveBeenCalledOnce();
    await vi.waitFor(() => {
      expect(again).toHaveBeenCalledOnce();
    });
    await vi.waitFor(() => {
      news.hung("Macroscope", again);
      expect(showMessageBox).toHaveBeenCalledTimes(2);
    });
    expect(posted.map(({ code }) => code)).toEqual(["page_hung", "page_hung"]);
  });

  test("says what to do when the stimulus display is gone, and when it is back", () => {
    const { posted, news } = makeNews();
    news.stimulusDisplayGone("DELL");
    news.stimulusDisplayBack("DELL");
    news.stimulusKept();
    news.stimulusUncovered();
    expect(posted.map(({ code }) => code)).toEqual([
      "stimulus_display_gone",
      "stimulus_display_back",
      "stimulus_window_kept",
      "stimulus_uncovered",
    ]);
    expect(posted[0]?.remedy).toContain("Connect it again");
  });

  test("tells in the log as well that the stimulus window did not follow its display", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { posted, news } = makeNews();
    news.displayNotFollowed("There is no memory left.");
    expect(posted).toMatchObject([{ severity: Severity.ERROR, code: "stimulus_display_not_followed" }]);
    expect(posted[0]?.message).toContain("There is no memory left.");
    expect(log).toHaveBeenCalledWith(posted[0]?.message);
    log.mockRestore();
  });
});
