/** Keeps what fails to draw to its own place: the rest of the window, Stop above all, goes on. */
import { Component } from "react";
import type { ReactNode } from "react";
import { CopyButton } from "../../../shared/copy-button";
import { Notice } from "../../../shared/notice";

export interface PanelBoundaryProps {
  /** What is drawn here, for people: "The camera's settings". */
  readonly name: string;
  readonly children: ReactNode;
}

interface PanelBoundaryState {
  readonly error: Error | null;
}

export class PanelBoundary extends Component<PanelBoundaryProps, PanelBoundaryState> {
  override state: PanelBoundaryState = { error: null };

  static getDerivedStateFromError(thrown: unknown): PanelBoundaryState {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Notice
        tone="alarm"
        title={`${this.props.name} cannot be shown`}
        onDismiss={() => this.setState({ error: null })}
      >
        <p>{error.message} Recording is not touched by it. Dismiss this to try again.</p>
        <CopyButton text={error.stack ?? error.message} label="Copy the details" />
      </Notice>
    );
  }
}
