import {
  get,
  instant,
  list,
  object,
  of,
  orNull,
  query,
  text,
  whole,
  type Group,
} from "./schema.ts";

/** Deployments of a period with who let them through, and delivery metrics. */
export const reportEndpoint: Group = {
  paths: {
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
  },
  schemas: {
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
  },
};
