/** A run that has ended. */
import { useMirror } from "../../../shared/hooks";
import stage from "../stage/stage.module.css";

export function ReviewView({ directory }: { readonly directory?: string }) {
  const last = useMirror((state) => state.workflow.current?.state.run?.directory);
  return (
    <section className={stage.cover} aria-label="Review">
      {directory ?? last}
    </section>
  );
}
