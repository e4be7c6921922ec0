/** core from bottom to top: a folder knows those before it in this list and none after it. Type-only imports count. */
const coreInOrder = [
  {
    name: "core-model",
    comment: "model is the vocabulary: words that everything above speaks, so it knows nobody.",
    severity: "error",
    from: { path: "^src/core/model/" },
    to: {
      path: "^src/core/(text|formats|calendar|facts|people|deployments|yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-text",
    comment: "text puts words together; a phrase that needs to know a rule belongs to that rule.",
    severity: "error",
    from: { path: "^src/core/text/" },
    to: {
      path: "^src/core/(formats|calendar|facts|people|deployments|yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-formats",
    comment: "formats turn other people's files into data; what the data means is decided above.",
    severity: "error",
    from: { path: "^src/core/formats/" },
    to: {
      path: "^src/core/(calendar|facts|people|deployments|yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-calendar",
    comment: "calendar knows zones and intervals; which deployment they hold is decided above.",
    severity: "error",
    from: { path: "^src/core/calendar/" },
    to: {
      path: "^src/core/(facts|people|deployments|yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-facts",
    comment: "a fact is a definition; who asks for it and why must not matter to it.",
    severity: "error",
    from: { path: "^src/core/facts/" },
    to: {
      path: "^src/core/(people|deployments|yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-people",
    comment: "who is among whom is told once, for reviews and deployments alike.",
    severity: "error",
    from: { path: "^src/core/people/" },
    to: {
      path: "^src/core/(deployments|yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-deployments",
    comment: "what ran, what was approved and what is frozen, as data; the decision is decide's.",
    severity: "error",
    from: { path: "^src/core/deployments/" },
    to: {
      path: "^src/core/(yaml|rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-yaml",
    comment: "reading YAML with places and caps knows nothing of what the file says.",
    severity: "error",
    from: { path: "^src/core/yaml/" },
    to: {
      path: "^src/core/(rules|policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-rules",
    comment: "a rule judges by itself: policy, overrides and the decision come after it.",
    severity: "error",
    from: { path: "^src/core/rules/" },
    to: {
      path: "^src/core/(policy|overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-policy",
    comment: "policy puts rules together; what people let through in spite of them comes after.",
    severity: "error",
    from: { path: "^src/core/policy/" },
    to: {
      path: "^src/core/(overrides|decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-overrides",
    comment:
      "an override refers to the policy's own definition of it, and to nothing that decides.",
    severity: "error",
    from: { path: "^src/core/overrides/" },
    to: {
      path: "^src/core/(decide|required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-decide",
    comment: "the decision is made before anybody is told, and of words it knows only text.",
    severity: "error",
    from: { path: "^src/core/decide/" },
    to: {
      path: "^src/core/(required-check|render|commands|record|tickets|simulate|events|sweep|ports)/",
    },
  },
  {
    name: "core-required-check",
    comment: "whether GitHub requires our check is known before anything is rendered.",
    severity: "error",
    from: { path: "^src/core/required-check/" },
    to: { path: "^src/core/(render|commands|record|tickets|simulate|events|sweep|ports)/" },
  },
  {
    name: "core-render",
    comment:
      "sentences follow from decisions; a decision that reads its own sentence is upside down.",
    severity: "error",
    from: { path: "^src/core/render/" },
    to: { path: "^src/core/(commands|record|tickets|simulate|events|sweep|ports)/" },
  },
  {
    name: "core-commands",
    comment: "commands answer in rendered words and change nothing by themselves.",
    severity: "error",
    from: { path: "^src/core/commands/" },
    to: { path: "^src/core/(record|tickets|simulate|events|sweep|ports)/" },
  },
  {
    name: "core-record",
    comment: "what is kept is made of decisions, never the other way round.",
    severity: "error",
    from: { path: "^src/core/record/" },
    to: { path: "^src/core/(tickets|simulate|events|sweep|ports)/" },
  },
  {
    name: "core-tickets",
    comment: "tickets follow from findings that were judged.",
    severity: "error",
    from: { path: "^src/core/tickets/" },
    to: { path: "^src/core/(simulate|events|sweep|ports)/" },
  },
  {
    name: "core-simulate",
    comment: "policy tests play the whole of core over given facts, so nothing else may need them.",
    severity: "error",
    from: { path: "^src/core/simulate/" },
    to: { path: "^src/core/(events|sweep|ports)/" },
  },
  {
    name: "core-events",
    comment:
      "a webhook in our terms; what it means for a subject follows from the facts' changedBy.",
    severity: "error",
    from: { path: "^src/core/events/" },
    to: { path: "^src/core/(sweep|ports)/" },
  },
  {
    name: "core-sweep",
    comment: "what a sweep found is told as the event that should have come.",
    severity: "error",
    from: { path: "^src/core/sweep/" },
    to: { path: "^src/core/(ports)/" },
  },
];

/** The laws of the house (docs/architecture.md). Each ban says why it is there. */
export default {
  forbidden: [
    ...coreInOrder,
    {
      name: "core-is-pure",
      comment:
        "core decides and nothing else: it may know core and pure libraries, never a driver, GitHub, or another floor.",
      severity: "error",
      from: { path: "^src/core" },
      to: { path: "^src/(io|flow|web|cli|index|main|env|compose|shipped)" },
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
      to: { path: "^src/(flow|web|cli|compose|shipped|main|index)" },
    },
    {
      name: "flow-does-not-know-io",
      comment:
        "flow tells the story through core/ports; the vendor behind a port can change without it.",
      severity: "error",
      from: { path: "^src/flow" },
      to: { path: "^src/(io|web|cli|compose|shipped|main|index)" },
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
      from: { path: "^packages/github-simulator/" },
      to: { path: "^(src|test|bench|scripts)/" },
    },
    {
      name: "product-without-simulator",
      comment:
        "The product runs where the simulator is not installed: only the demo plays against it.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/demo/" },
      to: { path: "^packages/github-simulator/|^@gatehouse/github-simulator" },
    },
    {
      name: "simulator-loaded-late",
      comment: "Where the simulator is not installed, the demo says so instead of breaking.",
      severity: "error",
      from: { path: "^src/cli/demo/" },
      to: {
        path: "^packages/github-simulator/|^@gatehouse/github-simulator",
        dependencyTypesNot: ["type-only", "dynamic-import"],
      },
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
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "Delete what nothing uses.",
      severity: "error",
      from: {
        orphan: true,
        path: "^(src|packages/github-simulator/src)/",
        pathNot: ["^src/(main|index|cli/main)\\.ts$"],
      },
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
