import type { DeploymentRow } from "#core/model/deployment.ts";
import { dayMs } from "#core/text/duration.ts";
import { arrivalsIn, type Arrival } from "./arrivals.ts";
import type { Change } from "./change.ts";
import type { Step } from "./definitions.ts";
import { deployedIn, type Deployed } from "./deployed.ts";
import { medianOf, type Figure } from "./figure.ts";
import type { Span } from "./period.ts";

/** All that is known of what one repository sent to the environments of the report. */
export interface DeliveryInput {
  readonly deployments: readonly DeploymentRow[];
  readonly changes: readonly Change[];
  /** Since when the gate watches the repository (epoch ms); null: it never looked. */
  readonly watchedSince: number | null;
}

/** What several repositories deployed in a period, as the figures are made of it. */
export interface Delivered {
  readonly deployed: readonly Deployed[];
  readonly arrived: readonly Arrival[];
  readonly unclear: readonly Arrival[];
  readonly watchedSince: number | null;
}

/** DORA's four, and the way of the changes. */
export interface DeliveryFigures {
  readonly deploymentFrequency: Figure;
  readonly leadTime: Figure;
  readonly changeFailureRate: Figure;
  readonly recoveryTime: Figure;
  readonly path: readonly (Figure & { readonly step: Step })[];
}

const isIn = (at: number | undefined, { from, to }: Span): at is number =>
  at !== undefined && at >= from && at < to;

/** Each change once: where it arrived first. */
function firstOf(arrivals: readonly Arrival[]): readonly Arrival[] {
  const first = new Map<Change, Arrival>();
  for (const arrival of arrivals) {
    const known = first.get(arrival.change);
    if (known === undefined || arrival.at < known.at) first.set(arrival.change, arrival);
  }
  return [...first.values()];
}

/** What one repository delivered, an environment at a time. */
export function deliveredBy({ deployments, changes, watchedSince }: DeliveryInput): Delivered {
  const environments = new Map<string, DeploymentRow[]>();
  for (const row of deployments) {
    // One environment by all spellings of its name, as GitHub has it.
    const name = row.environment.toLowerCase();
    const rows = environments.get(name);
    if (rows === undefined) environments.set(name, [row]);
    else rows.push(row);
  }
  const parts = [...environments.values()].map((rows) => {
    const deployed = deployedIn(rows);
    return { deployed, ...arrivalsIn(deployed, changes) };
  });
  const arrived = firstOf(parts.flatMap((part) => part.arrived));
  const known = new Set(arrived.map(({ change }) => change));
  return {
    deployed: parts.flatMap((part) => part.deployed),
    arrived,
    unclear: firstOf(parts.flatMap((part) => part.unclear)).filter(
      ({ change }) => !known.has(change),
    ),
    watchedSince,
  };
}

/** The failure of a deployment and when it began; undefined: it did not fail, or was not over. */
const failureOf = ({ failedAt, takenBackAt, succeededAt }: Deployed): number | undefined =>
  failedAt ?? (takenBackAt === undefined ? undefined : succeededAt);

const approvedAt = ({ tries }: Deployed): number | null => tries.at(-1)?.gateAnsweredAt ?? null;

/** How long each step took; undefined: not observed, or there was no such step. */
const stepTimes: Readonly<Record<Step, (arrival: Arrival) => number | undefined>> = {
  merge: ({ change }) =>
    change.committedAt === null ? undefined : change.mergedAt - change.committedAt,
  ask: ({ change, with: deployed }) => deployed.askedAt - change.mergedAt,
  gate: ({ with: deployed }) => {
    const at = approvedAt(deployed);
    return at === null ? undefined : at - deployed.askedAt;
  },
  run: ({ with: deployed, at }) => at - (approvedAt(deployed) ?? deployed.askedAt),
};

/** The figures of a period. `now`: what comes later was not watched yet. */
export function deliveryFigures(
  all: readonly Delivered[],
  period: Span,
  now: number,
): DeliveryFigures {
  const changing = all.flatMap(({ deployed }) => deployed.filter(({ isRollback }) => !isRollback));
  const watched = all.flatMap(({ watchedSince }) => watchedSince ?? []);
  const since = Math.max(period.from, Math.min(...watched));
  const days = (Math.min(period.to, now) - since) / dayMs;
  const successes = changing.filter(({ succeededAt }) => isIn(succeededAt, period));
  const ended = changing.filter(({ succeededAt, failedAt }) =>
    isIn(failedAt ?? succeededAt, period),
  );
  const failures = ended.filter((each) => failureOf(each) !== undefined);
  const recoveries = failures.flatMap((each) => {
    const began = failureOf(each);
    return began === undefined || each.recoveredAt === undefined ? [] : [each.recoveredAt - began];
  });
  const arrived = all.flatMap((each) => each.arrived.filter(({ at }) => isIn(at, period)));
  const unclear = all.flatMap((each) => each.unclear.filter(({ at }) => isIn(at, period))).length;
  const leads = arrived.flatMap(({ change, at }) =>
    change.committedAt === null ? [] : [at - change.committedAt],
  );
  const step = (name: Step): Figure & { readonly step: Step } => {
    const times = arrived.flatMap((arrival) => stepTimes[name](arrival) ?? []);
    return { step: name, ...medianOf(times, arrived.length - times.length + unclear) };
  };
  return {
    deploymentFrequency: {
      value: watched.length > 0 && days > 0 ? successes.length / days : null,
      unit: "a day",
      rows: successes.length,
      missing: 0,
    },
    leadTime: medianOf(leads, arrived.length - leads.length + unclear),
    changeFailureRate: {
      value: ended.length === 0 ? null : (100 * failures.length) / ended.length,
      unit: "percent",
      rows: ended.length,
      missing: 0,
    },
    recoveryTime: medianOf(recoveries, failures.length - recoveries.length),
    path: [step("merge"), step("ask"), step("gate"), step("run")],
  };
}
