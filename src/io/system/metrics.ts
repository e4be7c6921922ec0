/** One metric as Prometheus shows it (under `metricPrefix`) and docs/operations.md explains it. */
export interface Metric {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Its labels carry ids of installations or names of what is private: shown to whom METRICS_TOKEN was given, and to nobody else. */
  readonly isPrivate?: true;
  /** Upper bounds in seconds; histograms only. */
  readonly buckets?: readonly number[];
}

export const metricPrefix = "gatehouse_";

const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const remote = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const patient = [1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

const long = [1, 5, 30, 60, 300, 1800, 3600, 14_400, 86_400, 604_800, 2_592_000];

/** The single list: what is counted under another name is counted as `unknown_metrics_total` and fails the tests. */
export const metrics: readonly Metric[] = [
  {
    name: "deliveries_total",
    kind: "counter",
    help: "Webhook deliveries by the HTTP status they were answered with.",
    labels: ["status"],
  },
  {
    name: "delivery_ack_seconds",
    kind: "histogram",
    help: "Time from a delivery's arrival to its answer.",
    labels: [],
    buckets: quick,
  },
  {
    name: "inbox_unrouted",
    kind: "gauge",
    help: "Deliveries stored and not yet routed; from 10,000 on those that come in masses are refused with 503, from 20,000 on all.",
    labels: [],
  },
  {
    name: "queue_waiting",
    kind: "gauge",
    help: "Subjects that wait to be judged, now or later.",
    labels: [],
  },
  { name: "queue_due", kind: "gauge", help: "Waiting subjects whose time has come.", labels: [] },
  { name: "queue_leased", kind: "gauge", help: "Subjects being judged.", labels: [] },
  {
    name: "queue_dead",
    kind: "gauge",
    help: "Work given up: in the dead-letter queue until something marks it again.",
    labels: [],
  },
  {
    name: "queue_oldest_due_seconds",
    kind: "gauge",
    help: "How long the oldest due subject has waited.",
    labels: [],
  },
  {
    name: "verdict_age_seconds",
    kind: "gauge",
    help: "Age of the oldest verdict that is due to be judged again and was not yet.",
    labels: [],
  },
  {
    name: "evaluations_total",
    kind: "counter",
    help: "Evaluations by decision.",
    labels: ["decision"],
  },
  {
    name: "evaluation_seconds",
    kind: "histogram",
    help: "Time of one evaluation, facts included.",
    labels: [],
    buckets: remote,
  },
  {
    name: "decision_lag_seconds",
    kind: "histogram",
    help: "Time from the moment a subject was due to its decision.",
    labels: [],
    buckets: patient,
  },
  {
    name: "dead_letters_total",
    kind: "counter",
    help: "Work moved to the dead-letter queue, by kind of work.",
    labels: ["kind"],
  },
  {
    name: "outbox_rows",
    kind: "gauge",
    help: "Effects wished and not yet performed, by kind.",
    labels: ["kind"],
  },
  {
    name: "effects_total",
    kind: "counter",
    help: "Effects by kind and outcome (sent, failed, superseded, outdated).",
    labels: ["kind", "outcome"],
  },
  {
    name: "github_requests_total",
    kind: "counter",
    help: "Requests to GitHub by API, method and status.",
    labels: ["api", "method", "status"],
  },
  {
    name: "github_request_seconds",
    kind: "histogram",
    help: "Time of one request to GitHub, waiting for the limiter left out.",
    labels: ["api"],
    buckets: remote,
  },
  {
    name: "github_rate_limited_total",
    kind: "counter",
    help: "Answers that told us to wait, by API and limit (primary, secondary).",
    labels: ["api", "limit"],
  },
  {
    name: "github_up",
    kind: "gauge",
    help: "0 while many of the last requests to an API of GitHub's had no proper answer, by API (rest, graphql).",
    labels: ["api"],
  },
  {
    name: "github_withheld_total",
    kind: "counter",
    help: "Hours in which an installation's quota was so far used up that less urgent work was kept back, by API and urgency (usual, routine).",
    labels: ["api", "urgency"],
  },
  {
    name: "github_retries_total",
    kind: "counter",
    help: "Requests sent again, by API.",
    labels: ["api"],
  },
  {
    name: "github_rate_remaining",
    kind: "gauge",
    help: "What GitHub says is left of the hour's quota, by installation and API. Only with METRICS_TOKEN.",
    labels: ["installation", "api"],
    isPrivate: true,
  },
  {
    name: "health_requests_total",
    kind: "counter",
    help: "Questions to health sources by the kind of source and outcome (answered, failed).",
    labels: ["kind", "outcome"],
  },
  {
    name: "redeliveries_requested_total",
    kind: "counter",
    help: "Failed deliveries GitHub was asked to send again.",
    labels: [],
  },
  {
    name: "sweeps_total",
    kind: "counter",
    help: "Sweeps by name and outcome.",
    labels: ["sweep", "outcome"],
  },
  {
    name: "sweep_marked_total",
    kind: "counter",
    help: "Subjects that sweeps marked to be judged again, by sweep.",
    labels: ["sweep"],
  },
  {
    name: "deployments_answered_total",
    kind: "counter",
    help: "Deployments answered at their door, by answer.",
    labels: ["answer"],
  },
  {
    name: "deployment_gate_seconds",
    kind: "histogram",
    help: "Time from the question at an environment's door to the answer.",
    labels: ["answer"],
    buckets: long,
  },
  {
    name: "deployments_expiring_total",
    kind: "counter",
    help: "Deployments still held a day before GitHub gives up on them.",
    labels: [],
  },
  {
    name: "deployments_unresolved_total",
    kind: "counter",
    help: "Questions at a door whose deployment GitHub could not tell.",
    labels: [],
  },
  {
    name: "bypasses_total",
    kind: "counter",
    help: "What went past the gate: deployments, merges, pushes, rulesets that require the check no more; by how.",
    labels: ["how"],
  },
  {
    name: "store_up",
    kind: "gauge",
    help: "1 when the last look into the database succeeded and it took what was written.",
    labels: [],
  },
  {
    name: "unknown_metrics_total",
    kind: "counter",
    help: "Wrongly named or labelled measurements: a fault of the program.",
    labels: ["name"],
  },
];
