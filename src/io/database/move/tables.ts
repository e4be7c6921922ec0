/** A table as it is moved: row by row in the order of its key, so many at once. */
export interface MovedTable {
  readonly name: string;
  readonly key: readonly [string, ...string[]];
  readonly atOnce: number;
}

const many = 500;
/** Bodies of deliveries may be 25 MiB long each, kept inputs a few. */
const few = 20;

/**
 * Everything but what the other database has of its own: `counters` are sequences there, and the audit log's head is
 * moved when the log is whole.
 */
export const movedTables: readonly MovedTable[] = [
  { name: "repositories", key: ["id"], atOnce: many },
  { name: "pull_requests", key: ["repository", "number"], atOnce: many },
  {
    name: "pushes",
    key: ["repository", "ref", "before_sha", "after_sha", "actor_id"],
    atOnce: many,
  },
  {
    name: "contributors",
    key: ["repository", "number", "commit_sha", "person_id"],
    atOnce: many,
  },
  {
    name: "pull_pushers",
    key: ["repository", "number", "base_ref", "person_id"],
    atOnce: many,
  },
  { name: "merge_groups", key: ["repository", "head_sha"], atOnce: many },
  { name: "policies", key: ["repository"], atOnce: few },
  { name: "decisions", key: ["subject_key", "number"], atOnce: many },
  { name: "kept_values", key: ["key"], atOnce: few },
  { name: "claims", key: ["key"], atOnce: many },
  { name: "outbox", key: ["key"], atOnce: many },
  { name: "acts", key: ["seq"], atOnce: many },
  { name: "deployments", key: ["repository", "deployment_id", "environment"], atOnce: many },
  { name: "tickets", key: ["repository", "key"], atOnce: many },
  { name: "kept_inputs", key: ["digest"], atOnce: few },
  { name: "sessions", key: ["id"], atOnce: many },
  { name: "api_tokens", key: ["id"], atOnce: many },
  { name: "subject_states", key: ["subject_key"], atOnce: many },
  { name: "measurements", key: ["repository", "kind", "key"], atOnce: many },
  { name: "queue", key: ["key"], atOnce: many },
  { name: "inbox", key: ["seq"], atOnce: few },
  { name: "audit_log", key: ["seq"], atOnce: many },
];

/** Tables whose triggers refuse every change of what they hold. */
export const appendOnly: readonly string[] = ["acts", "audit_log"];
