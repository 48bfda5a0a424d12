/** Copies a text, and says so. */
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<"" | "Copied" | "Not allowed">("");
  useEffect(() => {
    if (!outcome) return undefined;
    const timer = setTimeout(() => setOutcome(""), 1500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome("Copied"),
      () => setOutcome("Not allowed"),
    );
  };
  return (
    <Button variant="default" size="compact-xs" onClick={copy} aria-live="polite">
      {outcome || label}
    </Button>
  );
}
