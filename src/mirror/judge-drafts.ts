/**
 * Judges what is typed while it is typed: by the fields' own rules here, and by the worker, which knows the rules that need several fields and what would
 * follow. A moment after the last key, the newest wins.
 */
import { create } from "@bufbuild/protobuf";
import { EvaluateConfigurationRequestSchema } from "../../gen/ts/macroscope/configuration/v1/configuration_pb";
import { ConfigurationSchema, DerivedValuesSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { setValues } from "./configuration-commands";
import { draftsJudged } from "./configuration-drafts-slice";
import { draftChanges } from "./configuration-drafts";
import { configurationControls } from "./configuration-form";
import { ruleSentence } from "./configuration-refusal";
import type { InstrumentClients } from "./instrument";
import type { MirrorStore } from "./make-store";
import { buildMessage, readFigures } from "./parameter-values";

/** Long enough for the next key of a number, short enough not to be waited for. */
const AFTER_MS = 150;

/** Judges the store's drafts until the returned function is called. */
export function judgeDrafts(store: MirrorStore, client: InstrumentClients["configuration"]): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;
  let seen = { drafts: store.getState().configurationDrafts.drafts, values: valuesOf(store) };

  const judge = async () => {
    const { drafts } = store.getState().configurationDrafts;
    const controls = configurationControls(valuesOf(store) ?? {});
    const { changes, problems } = draftChanges(controls, drafts);
    const own = { problems, derived: null };
    if (Object.keys(changes).length === 0) {
      store.dispatch(draftsJudged(own));
      return;
    }
    const call = new AbortController();
    asking = call;
    try {
      const request = create(EvaluateConfigurationRequestSchema, {
        configuration: buildMessage(ConfigurationSchema, setValues(changes)),
        paths: Object.keys(changes),
      });
      const answer = await client.evaluateConfiguration(request, { signal: call.signal });
      if (call.signal.aborted) return;
      const told = answer.problems.map(({ path, message, ruleId }) => {
        const control = controls.get(path);
        return [path, control ? ruleSentence(control, message, ruleId) : message] as const;
      });
      const derived = answer.derived ? readFigures(DerivedValuesSchema, answer.derived) : null;
      store.dispatch(draftsJudged({ problems: { ...Object.fromEntries(told), ...problems }, derived }));
    } catch {
      // Nobody to ask: what is known here is told, and whoever applies learns the rest.
      if (!call.signal.aborted) store.dispatch(draftsJudged(own));
    }
  };

  const stop = () => {
    clearTimeout(timer);
    asking?.abort();
  };
  const unsubscribe = store.subscribe(() => {
    const now = { drafts: store.getState().configurationDrafts.drafts, values: valuesOf(store) };
    if (now.drafts === seen.drafts && now.values === seen.values) return;
    seen = now;
    stop();
    if (Object.keys(now.drafts).length > 0) timer = setTimeout(() => void judge(), AFTER_MS);
  });
  return () => {
    unsubscribe();
    stop();
  };
}

function valuesOf(store: MirrorStore) {
  return store.getState().configuration.current?.state.values;
}
