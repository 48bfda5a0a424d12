/** Mantine's dark theme, tuned for a dark room: near-black neutral ground, no pure white, no blue glare, one accent. */
import { createTheme } from "@mantine/core";
import type { CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "Inter, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace",
  // Three sizes: small print, everything, and what is read from two metres.
  fontSizes: { xs: "12px", sm: "14px", md: "14px", lg: "22px", xl: "22px" },
  spacing: { xs: "8px", sm: "8px", md: "16px", lg: "24px", xl: "32px" },
  defaultRadius: 4,
  primaryColor: "accent",
  primaryShade: 6,
  autoContrast: true,
  focusRing: "always",
  cursorType: "pointer",
  // Dialogs stand below the top line, which nothing may cover.
  components: {
    Modal: { defaultProps: { yOffset: 80 } },
    // A dialog's header is no second head of the page.
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
  },
  colors: {
    dark: [
      "#c9c6c0",
      "#b2afa9",
      "#979490",
      "#6d6a66",
      "#383735",
      "#2a2928",
      "#1a1a19",
      "#101010",
      "#0a0a0a",
      "#060606",
    ],
    accent: [
      "#e1efe9",
      "#c7dfd5",
      "#acd0c1",
      "#98c4b2",
      "#8bbca9",
      "#80b5a0",
      "#74aa95",
      "#5c8c7a",
      "#456b5d",
      "#2e4a40",
    ],
    alarm: [
      "#fbe0de",
      "#f5bdb9",
      "#ef9a94",
      "#ea7f78",
      "#e76a62",
      "#e5574f",
      "#d94840",
      "#b03a34",
      "#852c27",
      "#591d1a",
    ],
  },
});

/** Colours that say something; always beside a word and a shape. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--tone-ok": "#80b5a0",
    "--tone-warn": "#d3a04d",
    "--tone-alarm": "#e8665e",
    "--tone-quiet": "#979490",
    "--saturated": "#ff4fd9",
    "--ground": "#0a0a0a",
    "--panel": "#121212",
    "--raised": "#1a1a19",
    "--line": "#2a2928",
    "--text": "#c9c6c0",
    "--text-quiet": "#979490",
    "--text-stale": "#888583",
  },
  light: {},
  dark: {
    "--mantine-color-body": "#121212",
    "--mantine-color-placeholder": "#7b7874",
  },
});
