/** What a browser shows before a worker has taken its token. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useId, useRef, useState } from "react";
import type { SubmitEvent } from "react";
import { readAddress } from "./connect-address";
import type { SessionState } from "./connect-session";
import type { KeptToken } from "./connect-token";
import { CopyButton } from "./copy-button";
import { Notice } from "./notice";
import classes from "./connect-screen.module.css";

export interface ConnectScreenProps {
  readonly state: Exclude<SessionState, { kind: "entered" }>;
  /** The file that holds the tokens; empty when it is not known. */
  readonly tokenFile: string;
  readonly onConnect: (kept: KeptToken) => void;
  readonly onCancel: () => void;
}

/** Shorter ones are no token at all, and not worth a dial. */
const SHORTEST_TOKEN = 32;
const LONGEST_TOKEN = 128;

export function ConnectScreen({ state, tokenFile, onConnect, onCancel }: ConnectScreenProps) {
  const [addressText, setAddressText] = useState(state.address);
  // Not a controlled field: React writes the value of one into an attribute, where selectors and copies of the page find it.
  const tokenField = useRef<HTMLInputElement>(null);
  const [tokenProblem, setTokenProblem] = useState<string>();
  const [tried, setTried] = useState(false);
  const heading = useId();
  const connecting = state.kind === "connecting";
  const read = readAddress(addressText);
  const addressProblem = "problem" in read ? read.problem : undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const token = tokenField.current?.value.trim() ?? "";
    const problem = problemOfToken(token);
    setTried(true);
    setTokenProblem(problem);
    if (!("address" in read) || problem !== undefined) return;
    // Gone from the page as soon as it is used: what stays is in the tab's storage, and only if it is right.
    if (tokenField.current) tokenField.current.value = "";
    setTried(false);
    onConnect({ address: read.address, token });
  };
  return (
    <main className={classes.screen}>
      <form className={classes.card} aria-labelledby={heading} onSubmit={submit}>
        <h1 id={heading}>Macroscope</h1>
        <p className={classes.lead}>Connect this page to the worker on this computer.</p>
        <Told state={state} />
        <TextInput
          label="Worker"
          value={addressText}
          onChange={(event) => setAddressText(event.currentTarget.value)}
          error={tried && addressProblem}
          disabled={connecting}
          spellCheck={false}
          autoComplete="off"
        />
        <PasswordInput
          // A new field when an attempt has failed, so that the focus is in it again.
          key={state.kind}
          label="Token"
          description={<TokenHelp file={tokenFile} />}
          inputWrapperOrder={["label", "input", "error", "description"]}
          ref={tokenField}
          onChange={(event) => setTokenProblem(problemOfToken(event.currentTarget.value))}
          error={tried && tokenProblem}
          disabled={connecting}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
        <div className={classes.actions}>
          <Button type="submit" size="sm" loading={connecting}>
            Connect
          </Button>
          {connecting && (
            <Button variant="default" size="sm" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </div>
        <p className={classes.note}>
          The token stays in this tab until it is closed. With the operator&rsquo;s token you may change things, with
          the viewer&rsquo;s you may look.
        </p>
      </form>
    </main>
  );
}

function Told({ state }: Pick<ConnectScreenProps, "state">) {
  if (state.kind === "asking") {
    return state.problem === "" ? null : (
      <Notice tone="alarm" title="Not connected">
        {state.problem}
      </Notice>
    );
  }
  return (
    <div role="status" className={classes.told}>
      {state.problem !== "" && (
        <Notice tone="warn" title={`Connecting, attempt ${state.attempt + 1}`}>
          {state.problem}
        </Notice>
      )}
    </div>
  );
}

function TokenHelp({ file }: { readonly file: string }) {
  if (file === "") return "Paste the operator or viewer token from the worker’s websocket.json.";
  return (
    <span className={classes.help}>
      <span>Paste the operator or viewer token from</span>
      <span className={classes.file}>
        <code>{file}</code>
        <CopyButton text={file} label="Copy path" />
      </span>
    </span>
  );
}

function problemOfToken(text: string): string | undefined {
  const token = text.trim();
  if (token === "") return "The token is missing.";
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < SHORTEST_TOKEN || token.length > LONGEST_TOKEN) {
    return "This is no token. One is 64 characters, without spaces or quotes.";
  }
  return undefined;
}
