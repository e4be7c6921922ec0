import type {
  CodeAlert,
  DependabotAlert,
  Instance,
  SecretAlert,
  SecretLocation,
} from "../world/evidence.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { iso } from "../render/account.ts";
import { codeAlert, dependabotAlert, secretAlertLite, secretLocation } from "../render/evidence.ts";
import { emit } from "./emit.ts";

type CodeAction =
  "created" | "appeared_in_branch" | "fixed" | "closed_by_user" | "reopened_by_user" | "reopened";

export function emitCodeAlert(
  world: World,
  repo: Repo,
  alert: CodeAlert,
  on: Instance,
  action: CodeAction,
  senderId: number,
): void {
  const shape = codeAlert(world, repo, alert, on.ref);
  emit(world, repo, "code_scanning_alert", action, senderId, {
    alert: { ...shape, ...(action === "fixed" ? { fixed_at: iso(alert.updatedAt) } : {}) },
    ref: on.ref,
    commit_oid: on.sha,
  });
}

export function emitDependabotAlert(
  world: World,
  repo: Repo,
  alert: DependabotAlert,
  action: "created" | "dismissed" | "fixed" | "reopened",
  senderId: number,
): void {
  emit(world, repo, "dependabot_alert", action, senderId, {
    alert: dependabotAlert(world, repo, alert),
  });
}

export function emitSecretAlert(
  world: World,
  repo: Repo,
  alert: SecretAlert,
  action: "created" | "resolved" | "reopened",
  senderId: number,
): void {
  emit(world, repo, "secret_scanning_alert", action, senderId, {
    alert: secretAlertLite(world, repo, alert),
  });
}

export function emitSecretLocation(
  world: World,
  repo: Repo,
  alert: SecretAlert,
  location: SecretLocation,
  senderId: number,
): void {
  emit(world, repo, "secret_scanning_alert_location", "created", senderId, {
    alert: secretAlertLite(world, repo, alert),
    location: secretLocation(world, repo, location),
  });
}
