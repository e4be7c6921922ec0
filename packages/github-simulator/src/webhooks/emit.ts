import { accountOf } from "../world/accounts.ts";
import { installationsOf } from "../world/lookup.ts";
import type { Installation } from "../world/people.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { organization, user, userOrGhost } from "../render/account.ts";
import { installationLite } from "../render/installation.ts";
import { repositoryEnvelope } from "../render/repository.ts";
import { enqueue } from "./outbox.ts";

type Payload = Readonly<Record<string, unknown>>;

/** An App hears of an event only while it may read the thing the event is about. */
const permissionOf: Readonly<Record<string, string>> = {
  check_run: "checks",
  check_suite: "checks",
  code_scanning_alert: "security_events",
  dependabot_alert: "vulnerability_alerts",
  deployment: "deployments",
  deployment_protection_rule: "deployments",
  deployment_review: "deployments",
  deployment_status: "deployments",
  issues: "issues",
  member: "members",
  membership: "members",
  merge_group: "merge_queues",
  organization: "members",
  pull_request: "pull_requests",
  pull_request_review: "pull_requests",
  pull_request_review_thread: "pull_requests",
  push: "contents",
  secret_scanning_alert: "secret_scanning_alerts",
  secret_scanning_alert_location: "secret_scanning_alerts",
  status: "statuses",
  team: "members",
  workflow_job: "actions",
  workflow_run: "actions",
};

function hears(installation: Installation, event: string): boolean {
  if (installation.suspendedAt !== null) return false;
  const permission = permissionOf[event];
  return (
    installation.events.includes(event) &&
    (permission === undefined || installation.permissions[permission] !== undefined)
  );
}

function deliver(
  world: World,
  installation: Installation,
  event: string,
  action: string | null,
  repo: Repo | null,
  payload: Payload,
): void {
  enqueue(world.outbox, {
    id: world.nextId(),
    event,
    action,
    installationId: installation.id,
    repositoryId: repo?.id ?? null,
    payload,
    now: world.now(),
    nextId: world.nextId,
  });
}

/** Tells every installation of the App under test that sees the repository. `payload` comes between action and envelope. */
export function emit(
  world: World,
  repo: Repo,
  event: string,
  action: string | null,
  senderId: number | null,
  payload: Payload,
): void {
  for (const installation of installationsOf(world, repo, world.appId)) {
    if (!hears(installation, event)) continue;
    deliver(world, installation, event, action, repo, {
      ...(action === null ? {} : { action }),
      ...payload,
      ...repositoryEnvelope(world, repo),
      sender: userOrGhost(world, senderId),
      installation: installationLite(installation),
    });
  }
}

/** Events of an organisation: teams, members. */
export function emitOrg(
  world: World,
  orgId: number,
  event: string,
  action: string,
  senderId: number,
  payload: Payload,
): void {
  const org = accountOf(world, orgId);
  for (const installation of world.installations.values()) {
    if (
      installation.appId !== world.appId ||
      installation.accountId !== orgId ||
      !hears(installation, event)
    )
      continue;
    deliver(world, installation, event, action, null, {
      action,
      ...payload,
      organization: organization(world, org),
      sender: user(world, accountOf(world, senderId)),
      installation: installationLite(installation),
    });
  }
}

/** `installation` and `installation_repositories` come without being subscribed to, also to a suspended App. */
export function emitInstallation(
  world: World,
  installation: Installation,
  event: string,
  action: string,
  senderId: number,
  payload: Payload,
): void {
  deliver(world, installation, event, action, null, {
    action,
    ...payload,
    sender: user(world, accountOf(world, senderId)),
  });
}
