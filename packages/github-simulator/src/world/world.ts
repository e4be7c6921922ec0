import type { Account, AppRecord, Installation, Team, Token } from "./people.ts";
import type { Gate } from "./deployments.ts";
import type { Repo } from "./repositories.ts";
import type { ObjectStore } from "../git/objects.ts";
import type { Outbox } from "../webhooks/outbox.ts";

/** Everything the simulated GitHub knows. One mutable value, handed to every handler. */
export interface World {
  /** Epoch milliseconds of the simulated clock. */
  readonly now: () => number;
  readonly nextId: () => number;
  readonly accounts: Map<number, Account>;
  readonly accountsByLogin: Map<string, Account>;
  readonly accountsByEmail: Map<string, Account>;
  readonly teams: Map<number, Team>;
  readonly repos: Map<number, Repo>;
  /** Lower-case `owner/name`, current and former, to repository id. */
  readonly repoNames: Map<string, number>;
  readonly apps: Map<number, AppRecord>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Token>;
  readonly manifests: Map<string, Readonly<Record<string, unknown>>>;
  /** Deployments at a closed door, by deployment id. */
  readonly waitingGates: Map<number, { readonly repoId: number; readonly gate: Gate }>;
  readonly git: ObjectStore;
  readonly outbox: Outbox;
  /** The App under test. */
  readonly appId: number;
  readonly publicKeyPem: string | null;
  readonly tokenLifetimeMs: number;
  /** `http://127.0.0.1:port`, set once the server listens. */
  origin: string;
  readonly quota: Quota;
}

/** Primary rate limit of an installation; `limit: null` is a server without one, as GHES comes. */
export interface Quota {
  limit: number | null;
  remaining: number;
  resetAt: number;
}
