/**
 * Bans that put the folders of a floor in order: a folder knows those before it and none after it. Type-only imports
 * count. `above`: what lies on top of them all.
 */
const inOrder = (floor, folders, above = []) =>
  Object.entries(folders).flatMap(([folder, comment], at, all) => {
    const later = all.slice(at + 1).map(([name]) => `${name}/`);
    return later.length + above.length === 0
      ? []
      : [
          {
            name: `${floor}-${folder}`,
            comment,
            severity: "error",
            from: { path: `^src/${floor}/${folder}/` },
            to: { path: `^src/${floor}/(${[...later, ...above].join("|")})` },
          },
        ];
  });

/** core from bottom to top. */
const core = inOrder("core", {
  model: "model is the vocabulary: words that everything above speaks, so it knows nobody.",
  text: "text puts words together; a phrase that needs to know a rule belongs to that rule.",
  formats: "formats turn other people's files into data; what the data means is decided above.",
  calendar: "calendar knows zones and intervals; which deployment they hold is decided above.",
  facts: "a fact is a definition; who asks for it and why must not matter to it.",
  people: "who is among whom is told once, for reviews and deployments alike.",
  deployments: "what ran, what was approved and what is frozen, as data; the decision is decide's.",
  outside:
    "a deployer outside Actions is told by what it shows and asks; what the gate says to it is decided above.",
  yaml: "reading YAML with places and caps knows nothing of what the file says.",
  rules: "a rule judges by itself: policy, overrides and the decision come after it.",
  policy: "policy puts rules together; what people let through in spite of them comes after.",
  overrides:
    "an override refers to the policy's own definition of it, and to nothing that decides.",
  decide: "the decision is made before anybody is told, and of words it knows only text.",
  "required-check": "whether GitHub requires our check is known before anything is rendered.",
  rollout: "where a commit stands in its rings follows from what ran and what was decided.",
  render: "sentences follow from decisions; a decision that reads its own sentence is upside down.",
  commands: "commands answer in rendered words and change nothing by themselves.",
  record: "what is kept is made of decisions, never the other way round.",
  tickets: "tickets follow from findings that were judged.",
  report: "a report adds up what was recorded, and nothing that decides may lean on a sum.",
  simulate: "policy tests play the whole of core over given facts, so nothing else may need them.",
  events: "a webhook in our terms; what it means for a subject follows from the facts' changedBy.",
  sweep: "what a sweep found is told as the event that should have come.",
  ports: "ports are what the flows ask of the outside, in the words of everything below.",
});

/** flow from bottom to top; job-table.ts joins every job with its handler. */
const flow = inOrder(
  "flow",
  {
    jobs: "a job is data (kind, schema, guard, priority, key), so that everybody may mark it; its handler lives above.",
    facts: "reading facts in rounds serves whoever judges, and knows none of them.",
    publish: "performing an effect must not depend on why it is wanted.",
    policy: "which policy is in force is known before anything is judged by it.",
    "in-force":
      "what people said that still holds is read from the record, not from those who carry it out.",
    reviews: "a review is owed by a key and a text; what owes it comes after.",
    judge: "a judgement reads what people said and marks what follows; it carries out no command.",
    people: "commands are carried out on judged subjects, whatever delivery they came from.",
    bypasses: "what went past the gate is found after the fact; nobody below waits for it.",
    tickets: "tickets follow from findings on the default branch, not from what is judged.",
    running:
      "what runs is looked at after it was let through; nothing that lets through waits for it.",
    rollout: "where a commit stands in its rings is told after it was judged, and judges nothing.",
    intake: "routing marks work and asks GitHub nothing, so nothing below may route.",
    sweeps: "a sweep finds what should have been delivered, and sends it the way of a delivery.",
    "what-if": "explaining and replaying look at everything and are needed by nothing below.",
    "sign-in": "who somebody is comes before what they are shown.",
    pages: "a page shows what was decided and takes part in no decision.",
    outside: "a deployer outside asks what everything below decides, and changes nothing of it.",
  },
  ["job-table\\.ts"],
);

/** The laws of the code (docs/architecture.md). Each ban says why it is there. */
export default {
  forbidden: [
    ...core,
    ...flow,
    {
      name: "core-is-pure",
      comment:
        "core decides and nothing else: it may know core and pure libraries, never a driver, GitHub, or another floor.",
      severity: "error",
      from: { path: "^src/core" },
      to: { path: "^src/(?!core/)" },
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
        "io implements ports; which story they serve is none of its business. Only introduce.ts and those who call it bring the two together.",
      severity: "error",
      from: { path: "^src/io" },
      to: { path: "^src/(?!(core|io)/)" },
    },
    {
      name: "flow-does-not-know-io",
      comment:
        "flow tells the story through core/ports; the vendor behind a port can change without it.",
      severity: "error",
      from: { path: "^src/flow" },
      to: { path: "^src/(?!(core|flow)/)" },
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
      comment: "introduce.ts and those who call it bring io and flow together; web is thin.",
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
        pathNot: ["^src/(main|cli/main)\\.ts$"],
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
