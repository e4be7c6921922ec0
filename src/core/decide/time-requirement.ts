import type { WrittenFreeze } from "#core/calendar/schema.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Requirement } from "#core/policy/requirement.ts";
import { askWhen, whenContext } from "#core/policy/when/when.ts";
import { mayCover } from "#core/rules/kit/freezes/covers.ts";
import { freezeNamesOf, notFrozen } from "#core/rules/not-frozen/rule.ts";
import { window, windowNamesOf } from "#core/rules/window/rule.ts";

/** The windows and freezes that apply to every deployment to an environment. */
export interface EnvironmentTimes {
  /** At least one window of each list must be open. */
  readonly windows: readonly (readonly string[])[];
  readonly freezes: readonly string[];
  /** Freezes that hold only some deployments (of certain paths, labels or branches), by name. */
  readonly partly: readonly string[];
}

const isPartial = (freeze: WrittenFreeze): boolean =>
  freeze.branches !== undefined || freeze.paths !== undefined || freeze.labels !== undefined;

/**
 * The windows and freezes that active rules ask of the environment. Under `any` a window counts only where windows are
 * the only way to pass. A policy without rules is a calendar on its own: all that it defines counts.
 */
export function timesOf(policy: EffectivePolicy, environment: string): EnvironmentTimes {
  const subject: DeploymentSubject = {
    kind: "deployment",
    repository: 0,
    deploymentId: 0,
    environment,
    sha: "",
    ref: "",
    runId: null,
  };
  const covering = policy.freezes.filter(
    (freeze) => (freeze.enforcement ?? "active") === "active" && mayCover(freeze, subject),
  );
  if (policy.rules.length === 0) {
    const names = Object.keys(policy.windows);
    return parted(names.length === 0 ? [] : [names], covering);
  }
  const windows: (readonly string[])[] = [];
  const freezes = new Map<string, WrittenFreeze>();
  for (const rule of policy.rules) {
    if (!rule.gates.includes("deployment") || rule.enforcement !== "active") continue;
    if (
      rule.when !== null &&
      askWhen(rule.when, whenContext(rule, subject), () => undefined) === false
    )
      continue;
    const asked = demandsOf(rule.requirement);
    windows.push(...asked.windows);
    for (const names of asked.freezes) {
      for (const freeze of covering)
        if (names === null || names.includes(freeze.name)) freezes.set(freeze.name, freeze);
    }
  }
  return parted(windows, [...freezes.values()]);
}

function parted(
  windows: readonly (readonly string[])[],
  freezes: readonly WrittenFreeze[],
): EnvironmentTimes {
  return {
    windows,
    freezes: freezes.filter((freeze) => !isPartial(freeze)).map(({ name }) => name),
    partly: freezes.filter(isPartial).map(({ name }) => name),
  };
}

interface Demands {
  readonly windows: readonly (readonly string[])[];
  /** null: every freeze. */
  readonly freezes: readonly (readonly string[] | null)[];
}

function demandsOf(requirement: Requirement): Demands {
  switch (requirement.kind) {
    case "one":
      if (requirement.rule.name === window.name)
        return { windows: [windowNamesOf(requirement.raw)], freezes: [] };
      return {
        windows: [],
        freezes: requirement.rule.name === notFrozen.name ? [freezeNamesOf(requirement.raw)] : [],
      };
    case "all": {
      const parts = requirement.of.map(demandsOf);
      return {
        windows: parts.flatMap((part) => part.windows),
        freezes: parts.flatMap((part) => part.freezes),
      };
    }
    case "any": {
      const ways = requirement.of.map((part) =>
        part.kind === "one" && part.rule.name === window.name ? windowNamesOf(part.raw) : null,
      );
      return {
        windows: ways.includes(null) ? [] : [ways.flatMap((names) => names ?? [])],
        freezes: [],
      };
    }
  }
}
