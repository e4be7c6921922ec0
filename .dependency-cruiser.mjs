/** The laws of the house (docs/architecture.md). Each ban says why it is there. */
export default {
  forbidden: [
    {
      name: "core-is-pure",
      comment:
        "core decides and nothing else: it may know core and pure libraries, never a driver, GitHub, or another floor.",
      severity: "error",
      from: { path: "^src/core" },
      to: { path: "^src/(io|flow|simulator|web|cli|index|main|env|compose|shipped)" },
    },
    {
      name: "core-no-node",
      comment: "Node's own modules read clocks, files and sockets; core is handed its inputs.",
      severity: "error",
      from: { path: "^src/core" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-no-vendor",
      comment: "A vendor's client in core would let a rule fetch: rules declare needs.",
      severity: "error",
      from: { path: "^src/core" },
      to: {
        path: "node_modules/(probot|@octokit|libsql|pg|kysely|pino|hono|graphile-worker|prom-client)",
      },
    },
    {
      name: "io-does-not-know-flow",
      comment:
        "io implements ports; which story they serve is none of its business. Only compose.ts introduces the two.",
      severity: "error",
      from: { path: "^src/io" },
      to: { path: "^src/(flow|web|cli|simulator|compose|shipped|main|index)" },
    },
    {
      name: "flow-does-not-know-io",
      comment:
        "flow tells the story through core/ports.ts; the vendor behind a port can change without it.",
      severity: "error",
      from: { path: "^src/flow" },
      to: { path: "^src/(io|web|cli|simulator|compose|shipped|main|index)" },
    },
    {
      name: "flow-no-vendor",
      comment: "A vendor's client in flow would go round its port.",
      severity: "error",
      from: { path: "^src/flow" },
      to: {
        path: "node_modules/(probot|@octokit|libsql|pg|kysely|hono|graphile-worker|prom-client)",
      },
    },
    {
      name: "simulator-stands-alone",
      comment:
        "The simulator is the outside world: if it shared code with the product, both could be wrong together.",
      severity: "error",
      from: { path: "^src/simulator" },
      to: { path: "^src/(core|io|flow|web|cli|compose|shipped|main|index|env)" },
    },
    {
      name: "one-introduction",
      comment: "compose.ts is the only file that introduces io to flow; doors are thin.",
      severity: "error",
      from: { path: "^src/(web)" },
      to: { path: "^src/io" },
    },
    {
      name: "no-circular",
      comment: "A cycle means two files are one subject.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      comment: "Delete what nothing uses.",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: ["^src/(main|index|cli/main)\\.ts$"] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "require", "node", "default"],
    },
  },
};
