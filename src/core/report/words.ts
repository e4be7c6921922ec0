import { instant, span } from "#core/text/time.ts";
import type { AuditedBypass, AuditedDeployment, ReviewState } from "./audited.ts";
import { definitions, steps } from "./definitions.ts";
import type { Figure } from "./figure.ts";
import type { Report } from "./report.ts";
import type { WaitingRow } from "./unmet-times.ts";

/** Said where nobody saw it: no zero, and no empty list. */
export const notObserved = "not observed";

const short = (value: number): string => String(Number(value.toPrecision(3)));

export function figureText({ value, unit }: Pick<Figure, "value" | "unit">): string {
  if (value === null) return notObserved;
  switch (unit) {
    case "ms":
      return span(value);
    case "percent":
      return `${short(value)} %`;
    case "a day":
      return value === 0 || value >= 1
        ? `${short(value)} a day`
        : `${short(value)} a day (one in ${short(1 / value)} days)`;
  }
}

/** On what a figure stands. */
export const standsOn = ({ rows, missing }: Pick<Figure, "rows" | "missing">, of: string): string =>
  `${rows} ${of}${missing === 0 ? "" : `; of ${missing} more it was not observed`}`;

/** One figure in words, with its definition beside it. */
export interface FigureLine {
  readonly key: string;
  readonly title: string;
  readonly says: string;
  readonly value: string;
  readonly stands: string;
  readonly figure: Figure;
}

/** DORA's four. */
export function figureLines({ figures }: Pick<Report, "figures">): readonly FigureLine[] {
  const line = (
    key: "deploymentFrequency" | "leadTime" | "changeFailureRate" | "recoveryTime",
    of: string,
  ): FigureLine => ({
    key,
    ...definitions[key],
    value: figureText(figures[key]),
    stands: standsOn(figures[key], of),
    figure: figures[key],
  });
  return [
    line("deploymentFrequency", "deployments"),
    line("leadTime", "changes"),
    line("changeFailureRate", "deployments"),
    line("recoveryTime", "failures"),
  ];
}

export const stepLines = ({
  figures,
}: Pick<Report, "figures">): readonly {
  readonly name: string;
  readonly value: string;
  readonly stands: string;
}[] =>
  figures.path.map((figure) => ({
    name: steps[figure.step],
    value: figureText(figure),
    stands: standsOn(figure, "changes"),
  }));

export const waitingLine = (row: WaitingRow): readonly [string, string, string, string] => [
  row.name,
  span(row.totalMs),
  row.medianMs === null ? notObserved : span(row.medianMs),
  `${row.rows} subjects${row.missing === 0 ? "" : `; ${row.missing} still wait`}`,
];

/** What reviews name as the rule that was missing, or passed over. */
export const catchingLines = ({
  lessons,
}: Pick<Report, "lessons">): readonly (readonly [string, string])[] =>
  lessons.caughtBy.map(({ name, times }) => [name, String(times)]);

export const lessonsStandOn = ({ lessons }: Pick<Report, "lessons">): string =>
  standsOn(
    { rows: lessons.reviews - lessons.unanswered, missing: lessons.unanswered },
    "reviews that were answered",
  );

/** A count, or a gap. */
export const countText = (count: number | null): string =>
  count === null ? notObserved : String(count);

const names = (logins: readonly string[]): string =>
  logins.length === 0 ? "nobody" : logins.map((login) => `@${login}`).join(", ");
const name = (login: string | null): string => (login === null ? notObserved : `@${login}`);

function reviewText(review: ReviewState | null): string {
  if (review === null) return "no review on record";
  if (review.state === "owed")
    return `review owed${review.at === null ? "" : ` until ${instant(review.at)}`}`;
  return `reviewed by ${name(review.by)}${review.at === null ? "" : ` on ${instant(review.at)}`}${review.outcome === null ? "" : ` (${review.outcome})`}`;
}

export const bypassText = ({ by, reason, review }: AuditedBypass): string =>
  `past the gate by @${by}: ${reason}; ${reviewText(review)}`;

const overrideText = (override: AuditedDeployment["overrides"][number]): string =>
  `${override.name} for ${override.rules.join(", ")} by @${override.by}${override.confirmedBy.length === 0 ? "" : `, confirmed by ${names(override.confirmedBy)}`}: ${override.reason}${override.ticket === null ? "" : ` (${override.ticket})`}; ${reviewText(override.review)}`;

/** What is told of each deployment, the same wherever it is shown. */
export const deploymentColumns: readonly {
  readonly title: string;
  readonly key: string;
  readonly text: (deployment: AuditedDeployment) => string;
}[] = [
  { title: "Asked", key: "asked_at", text: ({ askedAt }) => instant(askedAt) },
  { title: "Repository", key: "repository", text: ({ repository }) => repository },
  { title: "Environment", key: "environment", text: ({ environment }) => environment },
  { title: "Commit", key: "commit", text: ({ sha }) => sha.slice(0, 7) },
  {
    title: "Asked by",
    key: "asked_by",
    text: ({ askedBy, askedAgainBy }) =>
      `${name(askedBy)}${askedAgainBy === null ? "" : `, again by @${askedAgainBy}`}`,
  },
  {
    title: "Gate",
    key: "answer",
    text: ({ answer, answeredAt }) =>
      answer === null
        ? "no answer"
        : `${answer}${answeredAt === null ? "" : ` ${instant(answeredAt)}`}`,
  },
  { title: "Approved by", key: "approvers", text: ({ approvers }) => names(approvers) },
  {
    title: "State",
    key: "state",
    text: ({ state, succeededAt, failedAt }) => {
      const at = failedAt ?? succeededAt;
      return `${state.replaceAll("_", " ")}${at === null ? "" : ` ${instant(at)}`}`;
    },
  },
  {
    title: "Pull requests and reviewers",
    key: "pull_requests",
    text: ({ pullRequests }) =>
      pullRequests === null
        ? notObserved
        : pullRequests.length === 0
          ? "none"
          : pullRequests
              .map(
                ({ number, author, reviewers }) =>
                  `#${number} by ${name(author)}, reviewed by ${reviewers === null ? notObserved : names(reviewers)}`,
              )
              .join("; "),
  },
  {
    title: "Tickets",
    key: "tickets",
    text: ({ pullRequests, overrides }) => {
      const known = (pullRequests ?? []).flatMap(({ tickets }) => tickets ?? []);
      const all = [...new Set([...known, ...overrides.flatMap(({ ticket }) => ticket ?? [])])];
      const isSeen = pullRequests?.every(({ tickets }) => tickets !== null) === true;
      return all.length > 0 ? all.join(", ") : isSeen ? "none" : notObserved;
    },
  },
  {
    title: "Scans",
    key: "scans",
    text: ({ scans }) =>
      scans === null ? notObserved : scans.length === 0 ? "none" : scans.join(", "),
  },
  {
    title: "Rules",
    key: "rules",
    text: ({ rules }) =>
      rules === null
        ? notObserved
        : rules
            .map(
              ({ name: rule, verdict, enforcement, overridden }) =>
                `${rule}: ${verdict}${enforcement === "active" ? "" : ` (${enforcement})`}${overridden === null ? "" : ", overridden"}`,
            )
            .join("; "),
  },
  {
    title: "Overrides",
    key: "overrides",
    text: ({ overrides }) => overrides.map(overrideText).join("; ") || "none",
  },
  {
    title: "Bypass",
    key: "bypass",
    text: ({ bypass }) => (bypass === null ? "none" : bypassText(bypass)),
  },
  {
    title: "Roll back",
    key: "rollback",
    text: ({ rollback }) =>
      rollback === null
        ? "no"
        : `by ${name(rollback.by)}: ${rollback.reason === "" ? "no reason on record" : rollback.reason}`,
  },
];

/** Whose report it is, in one line. */
export function scopeText({ from, to, repository, environment, watchedSince }: Report): string {
  const where = repository ?? "all repositories that may be read";
  const what = environment ?? "environments that are production by their names";
  const since =
    watchedSince === null
      ? "The gate has not looked at any of them yet."
      : watchedSince > from
        ? `The gate watches since ${instant(watchedSince)}; what was before is a gap.`
        : "";
  return `From ${instant(from)} until ${instant(to)}: ${where}, ${what}. ${since}`.trim();
}

export const rowsShown = (report: Report): string =>
  `${report.deployments.length} deployments, ${report.overrides} overrides granted, ${report.bypasses.length} bypasses`;
