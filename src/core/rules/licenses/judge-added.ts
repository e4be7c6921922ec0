import type { AddedDependency } from "#core/formats/findings/github/dependency-review.ts";
import { applyWaivers, type WaivedFinding, type Waiver } from "#core/formats/findings/waivers.ts";
import type { Finding } from "#core/formats/findings/finding.ts";
import { judgeLicence, type LicenceJudgement, type LicencePolicy } from "#core/formats/spdx.ts";

/** One added dependency with what its licence comes to. */
export interface JudgedDependency {
  readonly dependency: AddedDependency;
  readonly judgement: LicenceJudgement;
}

export interface LicencesJudged {
  readonly refused: readonly JudgedDependency[];
  /** Unknown licences that the policy only warns of. */
  readonly doubtful: readonly JudgedDependency[];
  readonly accepted: number;
  readonly waived: readonly WaivedFinding[];
  readonly expired: readonly WaivedFinding[];
  /** The first instant (epoch ms) at which a waived licence counts again. */
  readonly endsAt: number | undefined;
}

/** Judges each added dependency once, in whatever manifests it stands. */
export function judgeAdded(
  added: readonly AddedDependency[],
  policy: LicencePolicy,
  waivers: readonly Waiver[],
  now: number,
): LicencesJudged {
  const distinct = new Map(
    added.map((dependency) => [
      JSON.stringify([dependency.package, dependency.license, dependency.manifest]),
      dependency,
    ]),
  );
  const judged = [...distinct.values()].map((dependency): JudgedDependency => ({
    dependency,
    judgement: judgeLicence(dependency.license, policy),
  }));
  const byId = new Map(
    judged
      .filter(({ judgement }) => !judgement.acceptable)
      .map((one) => [asFinding(one.dependency), one]),
  );
  const { counting, waived, expired, endsAt } = applyWaivers([...byId.keys()], waivers, now);
  return {
    refused: counting.flatMap((finding) => byId.get(finding) ?? []),
    doubtful: judged.filter(
      ({ judgement }) => judgement.kind === "unknown" && judgement.acceptable,
    ),
    accepted: judged.filter(({ judgement }) => judgement.kind === "ok").length,
    waived,
    expired,
    endsAt,
  };
}

/** As a waiver sees it: `finding` may name the licence, or `license` for whatever it is. */
function asFinding(dependency: AddedDependency): Finding {
  return {
    id: `license:${dependency.package}`,
    kind: "license",
    source: "dependency-review",
    tool: "dependency-review",
    rule: dependency.license ?? "no licence",
    severity: "unrated",
    severitySource: "none",
    title: `Licence of ${dependency.name}`,
    package: dependency.package,
    ...(dependency.manifest === null ? {} : { path: dependency.manifest }),
    fingerprint: `license:${dependency.package}`,
    suppressed: false,
    aliases: ["LICENSE"],
  };
}
