/**
 * Who may import whom. The table of rooms stands in docs/explanations/architecture.md; each room's tsconfig.json says the same to the compiler.
 *
 * Each room, and the other rooms that it may import.
 *
 * @type {Record<string, string[]>}
 */
const rooms = {
  rpc: [],
  links: ["rpc"],
  services: ["rpc"],
  mirror: ["rpc"],
  stimulus: [],
  preload: ["links"],
  host: ["rpc", "links", "services"],
  main: ["rpc", "links", "services"],
  renderer: ["rpc", "links", "mirror", "stimulus"],
};

/**
 * Files of a room that another room may import although the table has no line for it: the words that two processes exchange.
 *
 * @type {Record<string, string[]>}
 */
const exceptions = { main: ["src/host/host-messages.ts"] };

const neutral = "^src/(rpc|links|services|mirror|stimulus)/";

const roomRules = Object.entries(rooms).map(([room, others]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import ${others.length > 0 ? others.map((other) => `src/${other}`).join(", ") : "no other room"}.`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: {
    path: "^src/",
    pathNot: [
      `^src/(${[room, ...others].join("|")})/`,
      "^src/neutral-globals",
      ...(exceptions[room] ?? []).map((file) => `^${file}$`),
    ],
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: "no-cycles",
      comment: "Two files that import each other cannot be understood apart.",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-tests-in-production",
      comment: "What runs at the user's never imports what is there for tests.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|scripts)/|node_modules/(vitest|@playwright|fast-check|@testing-library)" },
    },
    {
      name: "windows-apart",
      comment: "A window imports itself and src/renderer/shared.",
      severity: "error",
      from: { path: "^src/renderer/([^/]+)/.+" },
      to: { path: "^src/renderer/[^/]+/.+", pathNot: "^src/renderer/($1|shared)/" },
    },
    {
      name: "shared-knows-no-window",
      comment: "What windows share does not depend on one of them.",
      severity: "error",
      from: { path: "^src/renderer/shared/" },
      to: { path: "^src/renderer/(?!shared/)[^/]+/.+" },
    },
    {
      name: "no-contract-in-links-and-preload",
      comment: "Links carry bytes and the preload hands over a port; neither knows a message.",
      severity: "error",
      from: { path: "^src/(links|preload)/" },
      to: { path: "^gen/" },
    },
    {
      name: "neutral-rooms-have-no-runtime",
      comment: "rpc, links, services, mirror and stimulus run everywhere: no Node, no Electron.",
      severity: "error",
      from: { path: neutral },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "electron-in-its-processes-only",
      comment: "Only main, host and preload run in Electron's own processes.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(main|host|preload)/" },
      to: { path: "(^|/)node_modules/electron/|^electron$" },
    },
    {
      name: "node-in-its-processes-only",
      comment: "Windows and the preload are sandboxed: no Node.",
      severity: "error",
      from: { path: "^src/(renderer|preload)/" },
      to: { dependencyTypes: ["core"], pathNot: "^electron$" },
    },
    {
      name: "rpc-stands-on-protobuf-alone",
      comment: "The protocol core depends on protobuf, connect's client types, and in one file on protovalidate.",
      severity: "error",
      from: { path: "^src/rpc/" },
      to: {
        path: "node_modules/",
        pathNot: "node_modules/(@bufbuild/protobuf|@connectrpc/connect|@bufbuild/protovalidate)/",
      },
    },
    {
      name: "protovalidate-in-one-file",
      comment:
        "Validation stands behind one file of rpc, so that it can be replaced. Its descriptors, which are small, may be read elsewhere.",
      severity: "error",
      from: { path: "^src/rpc/", pathNot: "^src/rpc/protovalidator\\.ts$" },
      to: {
        path: "node_modules/@bufbuild/protovalidate/",
        pathNot: "node_modules/@bufbuild/protovalidate/dist/(esm|cjs)/gen/",
      },
    },
    {
      name: "no-react-in-the-mirror",
      comment: "The mirror is state; what draws it is in the windows.",
      severity: "error",
      from: { path: "^src/(mirror|stimulus|services|links|host|main|preload)/" },
      to: { path: "node_modules/(react|react-dom|react-redux|@mantine)/" },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "\\.css$|\\?(worker|url|raw|inline)|^electron$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|^gen/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "test/tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".tsx", ".d.ts", ".js", ".mjs", ".cjs", ".json", ".css"],
    },
    skipAnalysisNotInRules: true,
  },
};
