import type { WrittenCalendar, WrittenFreeze, WrittenWindow } from "#core/calendar/schema.ts";
import type { Waiver } from "#core/formats/findings/waivers.ts";
import type { Actors } from "#core/model/actor.ts";
import type { Enforcement, RuleSource } from "#core/model/decision.ts";
import type { Gate } from "#core/model/subject.ts";
import type { PolicyContext } from "#core/rules/kit/rule.ts";
import type { Problem } from "#core/yaml/problem.ts";
import type { Requirement } from "./requirement.ts";
import type { OverrideDefinition, Policy } from "./schema.ts";
import type { When } from "./when/when.ts";

/** One rule in force, with everything bound. Deployment-only settings are ignored at a pull request. */
export interface EffectiveRule {
  readonly name: string;
  readonly description: string;
  readonly source: RuleSource;
  readonly gates: readonly Gate[];
  readonly enforcement: Enforcement;
  /** null: applies always. */
  readonly when: When | null;
  readonly requirement: Requirement;
  /** `on_fail: hold`. */
  readonly holdsOnFail: boolean;
  /** What of the policy this rule may see. */
  readonly context: PolicyContext;
}

/** A problem of a policy file that does not stop it from judging, with its place. */
export interface PolicyNotice {
  readonly file: RuleSource;
  readonly problem: Problem;
  /** A repository's value was refused because the organisation's applies. */
  readonly isAttempt: boolean;
}

/** Organisation and repository together, presets and extended files included: what judges one repository. */
export interface EffectivePolicy {
  readonly rules: readonly EffectiveRule[];
  readonly windows: Readonly<Record<string, WrittenWindow>>;
  readonly calendars: Readonly<Record<string, WrittenCalendar>>;
  readonly freezes: readonly WrittenFreeze[];
  readonly overrides: readonly OverrideDefinition[];
  readonly tickets: NonNullable<Policy["tickets"]>;
  readonly waivers: readonly Waiver[];
  /** Coding agents that it lists beside the shipped ones. */
  readonly agents: readonly string[];
  /** Who may freeze; null: maintainers. */
  readonly freezers: Actors | null;
  /** `ungoverned_environments: hold`, of the organisation or the repository: neither takes the other's away. */
  readonly holdsUngoverned: boolean;
  readonly commands: { readonly bare: boolean };
  readonly rollbackWorkflow: string | null;
  /** How many merged pull requests a policy change is replayed over. */
  readonly backtestLast: number;
  readonly notices: readonly PolicyNotice[];
  /** The notices of attempts to loosen and the like, as sentences for the check run. */
  readonly warnings: readonly string[];
  /** Identifies the contents of every file this policy was made of; given by the caller. */
  readonly digest: string;
}
