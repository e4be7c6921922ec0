import type { Decision } from "#core/model/decision.ts";
import type { Effect } from "#core/model/effect.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { Delivery } from "#core/ports/inbox.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

export const aDelivery = (parts: Partial<Delivery> = {}): Delivery => ({
  guid: "guid-1",
  event: "pull_request",
  bodyHash: `hash of ${parts.guid ?? "guid-1"}`,
  body: '{"action":"opened"}',
  receivedAt: 1_800_000_000_000,
  ...parts,
});

export const aRepository = (parts: Partial<RepositoryRecord> = {}): RepositoryRecord => ({
  id: 11,
  installationId: 5,
  owner: "Acme",
  ownerId: 3,
  ownerType: "Organization",
  name: "Shop",
  private: true,
  archived: false,
  defaultBranch: "main",
  active: true,
  ...parts,
});

export const anItem = (parts: Partial<WorkItem> = {}): WorkItem => ({
  key: "pr:1:1",
  kind: "judge",
  payload: { kind: "pull_request", repository: 1, number: 1 },
  priority: 50,
  runAt: 1_800_000_000_000,
  ...parts,
});

export const aDecision = (parts: Partial<Decision> = {}): Decision => ({
  kind: "allow",
  subject: { kind: "pull_request", repository: 1, number: 1 },
  rules: [],
  warnings: [],
  holds: [],
  now: 1_800_000_000_000,
  ...parts,
});

export const aComment = (
  parts: { readonly key?: string; readonly body?: string } = {},
): Effect => ({
  kind: "comment",
  key: "comment:1:1",
  repository: 1,
  issue: 1,
  body: "hello",
  marker: "<!-- gatehouse -->",
  ...parts,
});

export const anEntry = (parts: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 1_800_000_000_000,
  kind: "decision",
  repository: 1,
  subject: "pr:1:1",
  actor: null,
  detail: { decision: "allow" },
  ...parts,
});
