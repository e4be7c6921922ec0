import { ringStates } from "#core/rollout/ring-state.ts";
import { cookieName } from "../http/cookies.ts";

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const whole: Schema = { type: "integer" };
const instant: Schema = { type: "integer", description: "Epoch milliseconds." };
const iso: Schema = { type: "string", format: "date-time" };
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
const list = (items: Schema): Schema => ({ type: "array", items });
const object = (
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const of = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const evidence = object({ label: text, url: text, sha: text, at: instant, digest: text }, [
  "url",
  "sha",
  "at",
  "digest",
]);

const schemas: Readonly<Record<string, Schema>> = {
  Problems: object({ error: text, problems: list(object({ field: text, message: text })) }),
  Refusal: object({ error: text, message: text }),
  GateProblems: object({
    error: text,
    problems: list(object({ field: text, message: text })),
    next: text,
  }),
  GateRefusal: object({ error: text, message: text, next: text }),
  Subject: object({
    kind: { enum: ["pull_request", "merge_group", "deployment"] },
    repository: text,
    number: orNull(whole),
    environment: orNull(text),
    sha: text,
    label: text,
    url: text,
  }),
  Waiting: object({
    id: text,
    subject: of("Subject"),
    answer: text,
    title: text,
    unmet: list(object({ name: text, need: text, next: text })),
    by: orNull(text),
    since: instant,
    changesAt: orNull(instant),
  }),
  Logged: object({
    seq: whole,
    at: instant,
    kind: text,
    actor: orNull(text),
    subject: orNull(text),
    title: text,
    answer: orNull(text),
    differs: list(text),
  }),
  PolicyLines: object({ file: text, from: whole, to: whole, text, url: orNull(text) }),
  Rule: object({
    name: text,
    description: text,
    source: { enum: ["organization", "repository"] },
    enforcement: { enum: ["active", "evaluate", "disabled"] },
    verdict: text,
    isUnmet: { type: "boolean" },
    found: text,
    required: text,
    need: text,
    next: text,
    evidence: list(evidence),
    warnings: list(text),
    changesAt: orNull(instant),
    lines: orNull(of("PolicyLines")),
  }),
  Decision: object({
    id: text,
    seq: whole,
    at: instant,
    subject: of("Subject"),
    answer: text,
    title: text,
    newer: orNull(whole),
    from: { enum: ["recorded", "again", "short"] },
    rules: list(of("Rule")),
    warnings: list(text),
    holds: list(object({ by: text, reason: text, at: instant, label: text }, ["label"])),
    overrides: list(
      object({
        name: text,
        by: text,
        confirmedBy: list(text),
        reason: text,
        rules: list(text),
        grantedAt: instant,
        expiresAt: instant,
      }),
    ),
    changesAt: orNull(instant),
    timeline: list(of("Logged")),
    replay: orNull(object({ kind: text, because: text }, ["because"])),
  }),
  Deployment: object({
    id: whole,
    environment: text,
    sha: text,
    ref: text,
    state: text,
    by: orNull(text),
    createdAt: instant,
    finishedAt: orNull(instant),
    answer: orNull({ enum: ["approved", "rejected"] }),
    answeredAt: orNull(instant),
  }),
  Rollout: object({
    repository: text,
    sha: text,
    pullRequest: orNull(whole),
    rollouts: list(
      object({
        title: text,
        changesAt: orNull(instant),
        rings: list(
          object({
            environment: text,
            after: list(text),
            state: { enum: [...ringStates] },
            says: text,
            since: orNull(instant),
            bakesUntil: orNull(instant),
            next: list(text),
            closedBy: orNull(text),
            letThrough: list(text),
            decision: orNull(text),
          }),
        ),
      }),
    ),
  }),
  Freeze: object({
    where: text,
    name: text,
    environment: text,
    isOn: { type: "boolean" },
    from: orNull(instant),
    until: orNull(instant),
    reason: text,
    by: orNull(text),
  }),
  Figure: object({
    value: orNull({ type: "number", description: "null: not observed, which is no zero." }),
    unit: { enum: ["a day", "ms", "percent"] },
    rows: { type: "integer", description: "On how many rows it stands." },
    missing: { type: "integer", description: "Rows of which it was not observed." },
  }),
  WaitingRow: object({
    name: text,
    rows: whole,
    missing: whole,
    totalMs: whole,
    medianMs: orNull({ type: "number" }),
  }),
  ReviewState: object({
    state: { enum: ["done", "owed"] },
    by: orNull(text),
    at: orNull(instant),
    outcome: orNull(text),
  }),
  Bypass: object({
    repository: text,
    at: instant,
    what: text,
    by: text,
    reason: text,
    review: orNull(of("ReviewState")),
  }),
  AuditedDeployment: object({
    repository: text,
    environment: text,
    deploymentId: whole,
    decision: { type: "string", description: "Its page is /decisions/<this>." },
    sha: text,
    ref: text,
    run: orNull(whole),
    askedBy: orNull(text),
    askedAgainBy: orNull(text),
    askedAt: instant,
    answer: orNull({ enum: ["approved", "rejected"] }),
    answeredAt: orNull(instant),
    approvers: list(text),
    state: text,
    succeededAt: orNull(instant),
    failedAt: orNull(instant),
    pullRequests: orNull(
      list(
        object({
          number: whole,
          author: orNull(text),
          mergedBy: orNull(text),
          reviewers: orNull(list(text)),
          tickets: orNull(list(text)),
        }),
      ),
    ),
    scans: orNull(list(text)),
    rules: orNull(
      list(object({ name: text, verdict: text, enforcement: text, overridden: orNull(text) })),
    ),
    overrides: list(
      object({
        name: text,
        by: text,
        confirmedBy: list(text),
        reason: text,
        ticket: orNull(text),
        rules: list(text),
        review: orNull(of("ReviewState")),
      }),
    ),
    bypass: orNull(of("Bypass")),
    rollback: orNull(object({ by: orNull(text), reason: text })),
  }),
  Report: object({
    from: instant,
    to: instant,
    madeAt: instant,
    repositories: list(text),
    environments: list(text),
    repository: orNull(text),
    environment: orNull(text),
    watchedSince: orNull(instant),
    figures: object({
      deploymentFrequency: of("Figure"),
      leadTime: of("Figure"),
      changeFailureRate: of("Figure"),
      recoveryTime: of("Figure"),
      path: list({
        allOf: [of("Figure"), object({ step: { enum: ["merge", "ask", "gate", "run"] } })],
      }),
    }),
    parts: list(
      object({
        from: instant,
        to: instant,
        succeeded: orNull(whole),
        failed: orNull(whole),
        rollbacks: orNull(whole),
        overrides: orNull(whole),
        bypasses: orNull(whole),
      }),
    ),
    waiting: object({ byRule: list(of("WaitingRow")), byTeam: list(of("WaitingRow")) }),
    checks: orNull(
      list(
        object({
          repository: text,
          name: text,
          rows: whole,
          failed: whole,
          meanMs: orNull({ type: "number" }),
        }),
      ),
    ),
    coverage: {
      allOf: [
        of("Figure"),
        object({
          points: list(object({ repository: text, at: instant, percent: { type: "number" } })),
        }),
      ],
    },
    overrides: whole,
    lessons: object({
      judgedRight: of("Figure"),
      caughtBy: list(object({ name: text, times: whole })),
      reviews: whole,
      unanswered: whole,
    }),
    bypasses: list(of("Bypass")),
    deployments: list(of("AuditedDeployment")),
  }),
  SetUpStep: object({
    name: text,
    state: { enum: ["done", "open", "unknown"] },
    title: text,
    says: text,
    toDo: list(object({ text, url: orNull(text), command: orNull(text) })),
  }),
  GateQuestion: {
    ...object(
      {
        repository: { type: "string", description: "owner/name" },
        sha: { type: "string", description: "The full commit SHA." },
        environment: text,
        ref: {
          type: "string",
          description: "The branch or tag; left out: the job's, or the default branch.",
        },
        digest: { type: "string", description: "The artifact that goes out, sha256:…" },
      },
      ["ref", "digest"],
    ),
    additionalProperties: false,
  },
  GateAnswer: object({
    decision: { enum: ["allow", "deny", "hold"] },
    id: orNull(text),
    title: text,
    rules: list(
      object({
        name: text,
        verdict: { enum: ["pass", "fail", "pending", "skipped", "unknown"] },
        enforcement: { enum: ["active", "evaluate"] },
        found: text,
        required: text,
        next: text,
        overridden_by: orNull(text),
      }),
    ),
    until: orNull({ ...iso, description: "When it may change by itself." }),
    valid_until: orNull({
      ...iso,
      description: "Of allow alone: it may be acted upon until then.",
    }),
    url: orNull(text),
  }),
  Repository: { type: "object", description: "What the page of a repository shows." },
  Environment: { type: "object", description: "What the page of an environment shows." },
};

const query = (name: string, description: string, required = false): Schema => ({
  name,
  in: "query",
  required,
  description,
  schema: text,
});
const inPath = (name: string): Schema => ({ name, in: "path", required: true, schema: text });
const answer = (description: string, schema: Schema): Schema => ({
  description,
  content: { "application/json": { schema } },
});

function get(
  operationId: string,
  summary: string,
  parameters: readonly Schema[],
  schema: Schema,
): Schema {
  return {
    get: {
      operationId,
      summary,
      parameters,
      responses: {
        "200": answer("As asked.", schema),
        "401": answer("Nobody is signed in, and no token that is good was sent.", of("Refusal")),
        "404": answer("There is no such thing, or it is not yours to read.", of("Refusal")),
        "422": answer("A parameter cannot be used.", of("Problems")),
        "503": answer(
          "GitHub or the database does not answer now, or sign-in is switched off.",
          of("Refusal"),
        ),
      },
    },
  };
}

/** The only question that changes something: it is on record from then on, and people may be asked. */
const gate: Schema = {
  post: {
    operationId: "askGate",
    summary:
      "Whether a commit may go to an environment, for deployers outside Actions' environments.",
    security: [{ job: [] }, { token: [] }],
    parameters: [query("wait", "0 to 600: hold the answer for so many seconds while it is hold")],
    requestBody: {
      required: true,
      content: { "application/json": { schema: of("GateQuestion") } },
    },
    responses: {
      "200": answer(
        "What the gate says. Whatever is not allow must not be deployed.",
        of("GateAnswer"),
      ),
      "401": answer("The token is of nobody that is known.", of("GateRefusal")),
      "403": answer("The token may not ask this.", of("GateRefusal")),
      "404": answer(
        "No policy governs such a repository here, or nothing waits any more.",
        of("GateRefusal"),
      ),
      "413": answer("The question has more than 16 KiB.", of("GateRefusal")),
      "422": answer("The question cannot be used.", of("GateProblems")),
      "429": answer("Too many questions; Retry-After says when to ask again.", of("GateRefusal")),
      "503": answer(
        "It could not be judged now; Retry-After says when to ask again.",
        of("GateRefusal"),
      ),
    },
  },
};

const repository = query("repository", "owner/name", true);

/** The API as OpenAPI 3.1; `origin`: where this service is reached. */
export const openapi = (origin: string): Schema => ({
  openapi: "3.1.0",
  info: {
    title: "Gatehouse",
    version: "1",
    description: "What the pages show, as JSON, to those who may read the repository it is about.",
  },
  servers: [{ url: origin }],
  security: [{ token: [] }, { session: [] }],
  paths: {
    "/api/v1/gate": gate,
    "/api/v1/waiting": get(
      "listWaiting",
      "What waits, the longest first.",
      [
        query("mine", "1: what you opened, asked for, or are asked about"),
        query("team", "mine, or owner/team whose word is asked for"),
        query("repository", "owner/name"),
        query("environment", "name of an environment"),
      ],
      object({ waiting: list(of("Waiting")), more: { type: "boolean" } }),
    ),
    "/api/v1/decisions": get(
      "listDecisions",
      "Decisions of a repository, newest first.",
      [
        repository,
        query("before", "only before this number of the audit log"),
        query("limit", "1 to 100; 30 where it is left out"),
      ],
      object({ decisions: list(of("Logged")), next: orNull(whole) }),
    ),
    "/api/v1/decisions/{id}": get(
      "readDecision",
      "One decision.",
      [inPath("id"), query("replay", "1: made again from its records")],
      of("Decision"),
    ),
    "/api/v1/deployments": get(
      "listDeployments",
      "The newest deployments of a repository.",
      [repository, query("environment", "name of an environment")],
      object({ deployments: list(of("Deployment")) }),
    ),
    "/api/v1/report": get(
      "readReport",
      "Every deployment of a period with who let it through, and delivery metrics.",
      [
        query("from", "its first day (2026-01-01) or an instant; 30 days before its end"),
        query("to", "its last day or the instant at which it ends; now"),
        query("repository", "owner/name; all that may be read"),
        query("environment", "one environment; those that are production by their names"),
        query("format", "json, or csv: one table"),
      ],
      of("Report"),
    ),
    "/api/v1/freezes": get(
      "listFreezes",
      "Freezes now and next.",
      [],
      object({ freezes: list(of("Freeze")) }),
    ),
    "/api/v1/setup": get(
      "readSetUp",
      "What is left to do before the gate binds anybody.",
      [],
      object({ isDone: { type: "boolean" }, steps: list(of("SetUpStep")) }),
    ),
    "/api/v1/repositories/{owner}/{repo}": get(
      "readRepository",
      "Policy in force, open subjects, environments and history of a repository.",
      [inPath("owner"), inPath("repo")],
      of("Repository"),
    ),
    "/api/v1/repositories/{owner}/{repo}/environments/{name}": get(
      "readEnvironment",
      "What runs, what waits, history and calendar of an environment.",
      [inPath("owner"), inPath("repo"), inPath("name")],
      of("Environment"),
    ),
    "/api/v1/repositories/{owner}/{repo}/rollouts/{sha}": get(
      "readRollout",
      "Where a commit stands in the rings of the policy, ring by ring.",
      [inPath("owner"), inPath("repo"), inPath("sha")],
      of("Rollout"),
    ),
  },
  components: {
    securitySchemes: {
      token: {
        type: "http",
        scheme: "bearer",
        description: "Of `npx --no -- gatehouse token create`.",
      },
      job: {
        type: "http",
        scheme: "bearer",
        bearerFormat: "JWT",
        description:
          "GitHub's OpenID Connect token of a job; audience: the address of this service.",
      },
      session: {
        type: "apiKey",
        in: "cookie",
        name: cookieName("gatehouse", origin),
        description: "Of signing in with a browser.",
      },
    },
    schemas,
  },
});
