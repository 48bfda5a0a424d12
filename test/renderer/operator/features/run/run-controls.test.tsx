// @vitest-environment jsdom
import { act, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { RunStep, Verb, WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { draftsDropped, draftTyped } from "../../../../../src/mirror";
import { CHECKS, runAt, WARNED_CHECKS } from "../../../support/fake-run";
import { transitionRefused, transitionsIn } from "../../../support/fake-workflow";
import { renderWindow } from "../../../support/render-window";

const controls = () => within(screen.getByRole("region", { name: "Run" }));
const preflight = { checks: [...CHECKS], madeNs: 5n };
const methods = (asked: readonly { method: string }[]) =>
  asked.map(({ method }) => method).filter((one) => /Run|Preflight|Phase|recover/.test(one) && one !== "listRuns");

describe("the phase's action", () => {
  it("goes through a day on one key", async () => {
    const { instrument, user } = renderWindow();
    for (const name of ["Run checks", "Start run", "Pause"]) {
      await controls().findByRole("button", { name });
      await user.keyboard("g");
    }
    // A pause that has not begun is taken back by the same button.
    await controls().findByRole("button", { name: "Do not pause" });
    instrument.workflow.changeRun({ pauseAsked: false, step: RunStep.PAUSED, stepEndsNs: 0n });
    await controls().findByRole("button", { name: "Resume" });
    await user.keyboard("g");
    await controls().findByRole("button", { name: "Pause" });
    instrument.workflow.change({ phase: WorkflowPhase.REVIEW });
    await controls().findByRole("button", { name: "New run" });
    await user.keyboard("g");
    await controls().findByRole("button", { name: "Run checks" });
    expect(methods(instrument.asked)).toEqual(["runPreflight", "startRun", "pauseRun", "resumeRun", "enterPhase"]);
  });

  it("says why it cannot be used, keeps the focus, and does nothing", async () => {
    const guard = { id: "checks_passed", reason: "1 check failed: Free space.", remedy: "Mend it." };
    const transitions = transitionsIn(WorkflowPhase.PRE_FLIGHT, { [Verb.START_RUN]: guard });
    const { instrument, user } = renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight, transitions });
    });
    const start = await controls().findByRole("button", { name: "Start run" });
    expect(start.getAttribute("aria-disabled")).toBe("true");
    expect(document.getElementById(start.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
      "1 check failed: Free space. Mend it.",
    );
    await user.click(start);
    expect(document.activeElement).toBe(start);
    await user.keyboard("g");
    expect(methods(instrument.asked)).toEqual([]);
  });

  it("is Resume in a pause that cannot be left yet, and says what is in the way", async () => {
    const lost = {
      id: "display_attached",
      reason: "No stimulus display is there.",
      remedy: "Open the stimulus window.",
    };
    const { instrument } = renderWindow((fake) => {
      const run = runAt({ step: RunStep.PAUSED, stepEndsNs: 0n, pauseReason: "The stimulus display is gone." });
      const transitions = transitionsIn(WorkflowPhase.ACQUISITION, { [Verb.RESUME_RUN]: lost });
      fake.workflow.change({ phase: WorkflowPhase.ACQUISITION, run, transitions });
    });
    const resume = await controls().findByRole("button", { name: "Resume" });
    expect(resume.getAttribute("aria-disabled")).toBe("true");
    expect(document.getElementById(resume.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
      "No stimulus display is there. Open the stimulus window.",
    );
    const transitions = transitionsIn(WorkflowPhase.ACQUISITION, {}, [Verb.RESUME_RUN]);
    act(() => void instrument.workflow.change({ transitions }));
    await vi.waitFor(() => expect(resume.getAttribute("aria-disabled")).toBeNull());
  });

  it("says that something was typed and not applied, in whichever tab, before a run is made without it", async () => {
    const { store } = renderWindow();
    await controls().findByRole("button", { name: "Run checks" });
    expect(controls().queryByRole("status")).toBeNull();
    const values = store.getState().configuration.current?.state.values;
    act(
      () =>
        void store.dispatch(
          draftTyped({ path: "stimulus.gamma", text: "9.87", was: values?.["stimulus.gamma"] ?? null }),
        ),
    );
    expect(controls().getByRole("status").textContent).toMatch(/1 change of the settings is typed and not applied/);
    act(() => void store.dispatch(draftsDropped(["stimulus.gamma"])));
    expect(controls().queryByRole("status")).toBeNull();
  });

  it("starts with the warnings that were accepted, not before", async () => {
    const guard = { id: "warnings_accepted", reason: "2 warnings are not accepted.", remedy: "Accept them." };
    const transitions = transitionsIn(WorkflowPhase.PRE_FLIGHT, { [Verb.START_RUN]: guard });
    const { instrument, user } = renderWindow((fake) => {
      const warned = { checks: [...WARNED_CHECKS], madeNs: 5n };
      fake.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight: warned, transitions });
    });
    const start = await controls().findByRole("button", { name: "Start run" });
    await user.click(start);
    await user.click(screen.getByRole("checkbox", { name: "Accept: Saturation" }));
    await controls().findByText(/A warning is not accepted/);
    await user.click(start);
    expect(methods(instrument.asked)).toEqual([]);
    await user.click(screen.getByRole("checkbox", { name: "Accept: Stimulus display" }));
    await user.click(start);
    expect(instrument.asked.at(-1)).toMatchObject({
      method: "startRun",
      request: { acceptedWarnings: ["saturation", "display_rate"] },
    });
  });

  it("tells beside it what a command was refused for, until dismissed", async () => {
    const guard = { id: "one_run", reason: "Another window has just started a run.", remedy: "Look at it." };
    const { instrument, user } = renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
      fake.refusals.set("startRun", transitionRefused(Verb.START_RUN, WorkflowPhase.PRE_FLIGHT, guard));
    });
    await user.click(await controls().findByRole("button", { name: "Start run" }));
    await controls().findByText("Another window has just started a run. Look at it.");
    await user.click(controls().getByRole("button", { name: /Dismiss/ }));
    expect(controls().queryByText(/Another window/)).toBeNull();
    expect(methods(instrument.asked)).toEqual(["startRun"]);
  });

  it("leaves an error by Recover", async () => {
    const { instrument, user } = renderWindow((fake) => {
      const fault = { message: "The disk is gone.", remedy: "Plug it in." };
      fake.workflow.change({ phase: WorkflowPhase.ERROR, recoversTo: WorkflowPhase.SET_UP, fault, run: runAt() });
    });
    await screen.findByText("The disk is gone.");
    await user.click(await controls().findByRole("button", { name: "Recover" }));
    await controls().findByRole("button", { name: "Run checks" });
    expect(methods(instrument.asked)).toEqual(["recover"]);
  });
});
