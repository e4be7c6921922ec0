import type { ErrorCode } from "./errors.ts";
import type { Evidence } from "./evidence.ts";

/** GitHub App permissions a fact may cost (all read), in the words of `app.yml`. */
export type FactPermission =
  | "actions"
  | "attestations"
  | "checks"
  | "contents"
  | "deployments"
  | "issues"
  | "members"
  | "merge_queues"
  | "metadata"
  | "pull_requests"
  | "secret_scanning_alerts"
  | "security_events"
  | "statuses"
  | "vulnerability_alerts";

/**
 * What reading a fact costs, in calls, where many pull requests are judged again within a budget.
 * - `overview`: one call answers all of these of a pull request together.
 * - `shared`: remembered across pull requests, so that the first to ask pays.
 * - `single`: a call of its own, and enough to judge most rules: read of every pull request before a dearer one of any.
 * - a number: so many calls, usually.
 */
export type FactCost = "overview" | "shared" | "single" | number;

/**
 * One typed truth about a subject: its name, the webhook events (`name` or `name.action`) that change it and the
 * permissions it costs. Routing, app.yml and the documentation are checked against the list of these.
 */
export interface FactDefinition<Params, Value> {
  readonly name: string;
  readonly summary: string;
  readonly changedBy: readonly string[];
  readonly permissions: readonly FactPermission[];
  readonly cost: FactCost;
  /** What somebody can do where only a part of it is told; left out: split the change. */
  readonly whenIncomplete?: string;
  /** The words for a reader when it cannot be read: "the reviews", "the members of @acme/backend". */
  readonly describe: (params: Params) => string;
  /** Asks for this fact. */
  readonly need: (params: Params) => Need<Value>;
}

/** A fact as lists and triggers see it, whatever its types. */
export interface ListedFactRef {
  readonly name: string;
  readonly summary: string;
  readonly changedBy: readonly string[];
  readonly permissions: readonly FactPermission[];
  readonly cost: FactCost;
  readonly whenIncomplete?: string;
}

/** A rule's need for one fact. Needs with an equal `key` are read once. */
export interface Need<Value> {
  readonly fact: string;
  readonly key: string;
  readonly params: unknown;
  readonly describe: string;
  /** Never present at run time: carries the type of the answer. */
  readonly answers?: Value;
}

export type FactResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly evidence: readonly Evidence[] }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryAt?: number | undefined;
    };

/** Facts of one evaluation by need key. */
export type FactTable = ReadonlyMap<string, FactResult<unknown>>;

export function defineFact<Params, Value>(
  definition: Omit<FactDefinition<Params, Value>, "need">,
): FactDefinition<Params, Value> {
  return {
    ...definition,
    need: (params) => ({
      fact: definition.name,
      key: params === undefined ? definition.name : `${definition.name}:${JSON.stringify(params)}`,
      params,
      describe: definition.describe(params),
    }),
  };
}

/** The one place where the type carried by a need meets the untyped table: readers answer a need with its own type. */
export function lookUp<Value>(table: FactTable, need: Need<Value>): FactResult<Value> | undefined {
  return table.get(need.key) as FactResult<Value> | undefined;
}
