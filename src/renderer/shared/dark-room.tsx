/** The look that every window and screen has, around what it shows. */
import { MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { cssVariables, theme } from "./theme";

export interface DarkRoomProps {
  /** The nonce that the page's policy allows style elements with. */
  readonly styleNonce: string;
  /** "test" leaves out transitions and portals. */
  readonly env: "default" | "test";
  readonly children: ReactNode;
}

export function DarkRoom({ styleNonce, env, children }: DarkRoomProps) {
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme="dark"
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => styleNonce}
      env={env}
    >
      {children}
    </MantineProvider>
  );
}
