import { looksLikeProduction } from "#core/decide/governed.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { environmentOfKey, subjectKey } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { LoggedEntry } from "#core/ports/views.ts";
import {
  audited,
  indexActs,
  type AuditedBypass,
  type AuditedDeployment,
  type AuditedPullRequest,
} from "#core/report/audited.ts";
import { deliveredBy, deliveryFigures, type Delivered } from "#core/report/delivery.ts";
import { readDecision, readGrant, readRollback } from "#core/report/logged.ts";
import type { Change } from "#core/report/change.ts";
import { type Lesson, lessonsOf } from "#core/report/lessons.ts";
import { overTime, type CoveragePoint, type Report } from "#core/report/report.ts";
import { checkRows } from "#core/report/check-run.ts";
import { createUnmetTimes } from "#core/report/unmet-times.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import { inTurns } from "./in-turns.ts";
import { askedRepository } from "./asked-repository.ts";
import type { InputProblem } from "./filter.ts";
import { asRecordedFor, namingOwnTeams, withTextsChanged } from "./reader-texts.ts";
import { entriesOf } from "./report-entries.ts";
import { reportRows, type ReportRows } from "./report-rows.ts";
import { readEvidence } from "./report-evidence.ts";
import type { ReportFilter } from "./report-filter.ts";
import type { Viewer } from "./viewer.ts";

const kinds = ["decision", "rollback", "override_granted"];

type Reading = Pick<
  Store,
  "records" | "views" | "deployments" | "acts" | "tickets" | "inputs" | "measurements"
>;

/** One repository of the report, and what its log says of the period. */
interface Part {
  readonly repository: RepositoryRecord;
  readonly full: string;
  readonly naming: (text: string) => string;
  /** The last decision on each deployment, and roll backs, by subject. */
  readonly decisions: Map<string, LoggedEntry>;
  readonly rollbacks: Map<string, LoggedEntry>;
  readonly confirmations: Map<string, readonly string[]>;
  readonly granted: number[];
}

/** `problems`: what was asked for cannot be told; there is no report then. */
export type ReportAnswer =
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "invalid"; readonly problems: readonly InputProblem[] };

/** What was recorded in a period, as far as the viewer may read it. */
export async function readReport(
  store: Reading,
  viewer: Viewer,
  filter: ReportFilter,
  now: number,
): Promise<ReportAnswer> {
  const { records, views } = store;
  const asked = await askedRepository(records, viewer, filter);
  if (asked.kind === "invalid") return asked;
  const { one, mayRead } = asked;
  const teams = await viewer.teams();
  const parts = new Map<number, Part | null>();

  async function partOf(id: number): Promise<Part | null> {
    const known = parts.get(id);
    if (known !== undefined) return known;
    const repository =
      one?.id === id ? one : one === undefined ? await records.repository(id) : null;
    const part =
      repository === null || !mayRead(repository)
        ? null
        : {
            repository,
            full: `${repository.owner}/${repository.name}`,
            naming:
              viewer.seesEveryTeam === true
                ? (text: string) => text
                : namingOwnTeams(repository, teams),
            decisions: new Map<string, LoggedEntry>(),
            rollbacks: new Map<string, LoggedEntry>(),
            confirmations: new Map<string, readonly string[]>(),
            granted: [],
          };
    parts.set(id, part);
    return part;
  }

  const isAsked = (environment: string): boolean =>
    viewer.sees(environment) &&
    (filter.environment === undefined
      ? looksLikeProduction(environment, [])
      : sameEnvironment(environment, filter.environment));

  const unmet = createUnmetTimes(filter);
  const of = { kinds, ...(one === undefined ? {} : { repository: one.id }) };
  for await (const entry of entriesOf(views, filter, of)) {
    const part = entry.repository === null ? null : await partOf(entry.repository);
    const environment = environmentOfKey(entry.subject);
    if (part === null || !viewer.sees(environment)) continue;
    const { subject } = entry;
    if (entry.kind === "override_granted") {
      const grant = readGrant(entry);
      if (grant !== null) part.confirmations.set(grant.act, grant.confirmedBy);
      part.granted.push(entry.at);
    } else if (subject !== null && entry.kind === "rollback") part.rollbacks.set(subject, entry);
    else if (subject !== null) {
      const decision = readDecision(entry);
      if (decision === null) continue;
      if (environment !== null && isAsked(environment)) part.decisions.set(subject, entry);
      // Pull requests wait for production as much as its deployments do.
      if (environment === null || isAsked(environment))
        unmet.add(subject, entry.at, decision, (team) => part.naming(`@${team}`).replace(/^@/, ""));
    }
  }
  const withDeployments =
    one === undefined ? await store.deployments.repositoriesSince(0) : [one.id];
  for (const id of withDeployments) await partOf(id);
  const turn = inTurns(10);

  const delivered: Delivered[] = [];
  const deployments: AuditedDeployment[] = [];
  const bypasses: AuditedBypass[] = [];
  const granted: number[] = [];
  const lessons: Lesson[] = [];
  const points: CoveragePoint[] = [];
  let unmeasured = 0;
  const told = new Set<string>();
  const environments = new Set<string>();
  const shown = [...parts.values()].flatMap((part) => part?.repository.id ?? []);
  for await (const [id, rows] of reportRows(store, shown, isAsked)) {
    const part = parts.get(id) ?? null;
    if (part === null) continue;
    await turn();
    const made = await reportPart(store, part, rows, filter, isAsked, viewer);
    delivered.push(made.delivered);
    for (const { coverage: percent, mergedAt: at } of made.merged)
      if (percent === null) unmeasured += 1;
      else points.push({ repository: part.full, at, percent });
    deployments.push(...made.deployments);
    bypasses.push(...made.bypasses);
    lessons.push(...made.lessons);
    granted.push(...part.granted);
    if (made.deployments.length + made.bypasses.length + part.granted.length > 0)
      told.add(part.full);
    for (const { environment } of made.deployments) environments.add(environment);
  }
  const ended = viewer.sees(null) ? await store.measurements.checks(filter, one?.id) : [];
  for (const { repository } of ended) await partOf(repository);
  const checks = checkRows(
    ended.filter(({ repository }) => (parts.get(repository) ?? null) !== null),
    (id) => parts.get(id)?.full ?? "",
  );
  const watched = delivered.flatMap(({ watchedSince }) => watchedSince ?? []);
  return {
    kind: "report",
    report: {
      from: filter.from,
      to: filter.to,
      madeAt: now,
      repositories: [...told].toSorted(),
      environments: [...environments].toSorted(),
      repository: one === undefined ? null : `${one.owner}/${one.name}`,
      environment: filter.environment ?? null,
      watchedSince: watched.length === 0 ? null : Math.min(...watched),
      figures: deliveryFigures(delivered, filter, now),
      parts: overTime(
        filter,
        now,
        delivered,
        granted,
        bypasses.map(({ at }) => at),
      ),
      waiting: unmet.rows(),
      // None at all: nothing listened, or it was before they were counted.
      checks: checks.length === 0 ? null : checks,
      coverage: {
        value: points.toSorted((a, b) => a.at - b.at).at(-1)?.percent ?? null,
        unit: "percent",
        rows: points.length,
        missing: unmeasured,
        points: points.toSorted((a, b) => a.at - b.at),
      },
      overrides: granted.length,
      lessons: lessonsOf(lessons, filter),
      bypasses: bypasses.toSorted((a, b) => a.at - b.at),
      deployments: deployments.toSorted((a, b) => a.askedAt - b.askedAt),
    },
  };
}

const pullRequestOf = ({
  number,
  author,
  mergedBy,
  approvedBy,
  tickets,
}: Change): AuditedPullRequest => ({ number, author, mergedBy, reviewers: approvedBy, tickets });

/** What one repository adds to the report. */
async function reportPart(
  store: Reading,
  part: Part,
  kept: ReportRows,
  period: ReportFilter,
  isAsked: (environment: string) => boolean,
  viewer: Viewer,
): Promise<{
  readonly delivered: Delivered;
  readonly merged: readonly Change[];
  readonly deployments: readonly AuditedDeployment[];
  readonly bypasses: readonly AuditedBypass[];
  readonly lessons: readonly Lesson[];
}> {
  const { repository, full, naming } = part;
  const { deployments: rows, changes, watchedSince } = kept;
  const brought = new Map<number, AuditedPullRequest[]>();
  const delivered = deliveredBy({ deployments: rows, changes, watchedSince });
  for (const { change, with: deployed } of delivered.arrived)
    for (const { deploymentId } of deployed.tries)
      brought.set(deploymentId, [...(brought.get(deploymentId) ?? []), pullRequestOf(change)]);
  const byNumber = new Map(changes.map((change) => [change.number, change]));
  const backs = new Set(
    delivered.deployed.flatMap(({ isRollback, tries }) =>
      isRollback ? tries.map(({ deploymentId }) => deploymentId) : [],
    ),
  );
  const acts = indexActs({
    repository: full,
    acts: kept.acts,
    // A review is owed of an act.
    owed: kept.acts.length === 0 ? [] : await store.tickets.open(repository.id, "review"),
    confirmations: part.confirmations,
  });
  const asked = rows
    .filter(({ createdAt }) => createdAt >= period.from && createdAt < period.to)
    .map((row) => {
      const key = subjectKey(subjectOf(row));
      const entry = part.decisions.get(key);
      const back = part.rollbacks.get(key);
      return {
        row,
        decision: entry === undefined ? null : readDecision(entry),
        rollback: back === undefined ? null : readRollback(back),
      };
    });
  const evidence = await readEvidence(
    store.inputs,
    asked.flatMap(({ decision }) => decision ?? []),
  );
  const deployments = asked.map(({ row, decision, rollback }) =>
    audited(full, row, acts, {
      decision,
      rollback,
      isRollback: backs.has(row.deploymentId),
      pullRequests:
        (decision === null ? null : evidence.pullRequestsOf(decision))?.map((each) => ({
          ...each,
          tickets: byNumber.get(each.number)?.tickets ?? null,
        })) ??
        brought.get(row.deploymentId) ??
        null,
      scans: (decision === null ? null : evidence.scansOf(decision)) ?? null,
    }),
  );
  const recorded = <T>(at: number, row: T): T =>
    viewer.seesEveryTeam === true ? row : asRecordedFor(repository, at, row);
  const bypasses = acts
    .bypasses(
      (environment) => viewer.sees(environment) && (environment === null || isAsked(environment)),
    )
    .filter(({ at }) => at >= period.from && at < period.to);
  return {
    delivered,
    // What is said of pull requests is not for who reads of some environments only.
    merged: viewer.sees(null)
      ? changes.filter(
          ({ mergedAt, baseRef }) =>
            mergedAt >= period.from && mergedAt < period.to && baseRef === repository.defaultBranch,
        )
      : [],
    deployments: withTextsChanged(
      deployments.map((row) => recorded(row.askedAt, row)),
      naming,
    ),
    bypasses: withTextsChanged(
      bypasses.map((row) => recorded(row.at, row)),
      naming,
    ),
    lessons: withTextsChanged(
      acts.lessons(viewer.sees).map((row) => recorded(row.at, row)),
      naming,
    ),
  };
}
