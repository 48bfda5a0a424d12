/** The checks before a run. */
import { useMirror } from "../../../shared/hooks";
import stage from "../stage/stage.module.css";

export function PreflightView() {
  const checks = useMirror((state) => state.workflow.current?.state.preflight?.checks);
  return (
    <section className={stage.cover} aria-label="Pre-flight">
      {checks?.map(({ id, label, found }) => (
        <p key={id}>
          {label}: {found}
        </p>
      ))}
    </section>
  );
}
