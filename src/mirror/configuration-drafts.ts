/** What drafts of a configuration ask for, and which of them somebody else has overtaken. */
import type { ConfigurationDraft, ConfigurationDrafts, DraftProblems } from "./configuration-drafts-slice";
import { draftProblem, draftText, readDraft } from "./parameter-draft";
import type { Control } from "./parameter-form";
import { sameValue } from "./parameter-values";
import type { ParameterChanges, ParameterValue } from "./parameter-values";

/** Whether a draft says something else than what is there. */
export function isChanged(control: Control, draft: ConfigurationDraft | undefined): draft is ConfigurationDraft {
  return draft !== undefined && draft.text !== draftText(control, control.value);
}

/** Whether somebody else changed the field since this draft was begun, to something else than the draft says. */
export function isOvertaken(control: Control, draft: ConfigurationDraft | undefined): draft is ConfigurationDraft {
  return isChanged(control, draft) && !sameValue(draft.was, control.value);
}

/** The changes that drafts ask for, and why some cannot be asked for, by path. */
export function draftChanges(
  controls: ReadonlyMap<string, Control>,
  drafts: ConfigurationDrafts,
): { readonly changes: ParameterChanges; readonly problems: DraftProblems } {
  const changes: Record<string, ParameterValue | null> = {};
  const problems: Record<string, string> = {};
  for (const [path, draft] of Object.entries(drafts)) {
    const control = controls.get(path);
    if (!control || !isChanged(control, draft)) continue;
    const problem = draftProblem(control, draft.text);
    const meant = readDraft(control, draft.text);
    if (problem !== undefined || "problem" in meant) problems[path] = problem ?? `${control.label} cannot be read.`;
    else changes[path] = meant.value;
  }
  return { changes, problems };
}
