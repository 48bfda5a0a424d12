/** A button of the run. One that cannot be used keeps the focus and says why. */
import { Button, Kbd } from "@mantine/core";
import type { ReactNode } from "react";
import type { Hindrance } from "./transitions";
import { hindranceText } from "./transitions";

export interface ActionButtonProps {
  readonly label: string;
  /** The shortcut, as listed. */
  readonly keys?: string;
  readonly hindrance: Hindrance | undefined;
  /** Asked for and not answered yet. */
  readonly pending?: boolean;
  /** What it does, when it can be used. */
  readonly help: string;
  readonly onAct: () => void;
  readonly primary?: boolean;
  readonly shape?: ReactNode;
  /** The id of the element that says the reason; without it the title does. */
  readonly describedBy?: string;
}

export function ActionButton(props: ActionButtonProps) {
  const { label, keys, hindrance, pending = false, help, onAct, primary = false, shape, describedBy } = props;
  const hindered = hindrance !== undefined || pending;
  return (
    <Button
      fullWidth
      variant={primary ? "filled" : "default"}
      size={primary ? "md" : "compact-sm"}
      aria-disabled={hindered || undefined}
      data-disabled={hindered || undefined}
      aria-busy={pending || undefined}
      aria-describedby={hindrance ? describedBy : undefined}
      aria-keyshortcuts={keys}
      title={hindrance ? hindranceText(hindrance) : help}
      onClick={(event) => {
        event.preventDefault();
        // The second click of a double click: the first may have been answered, and the button then is about something else, such as a pause.
        if (!hindered && event.detail <= 1) onAct();
      }}
      onKeyDown={(event) => {
        // Held, Enter would go on with whatever the button is about next.
        if (event.repeat) event.preventDefault();
      }}
      leftSection={shape}
      rightSection={
        keys ? (
          <Kbd size="xs" aria-hidden="true">
            {keys}
          </Kbd>
        ) : undefined
      }
    >
      {label}
      {pending && <span aria-hidden="true"> …</span>}
    </Button>
  );
}
