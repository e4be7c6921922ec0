import { z } from "zod";
import { addedLicenses } from "#core/facts/findings.ts";
import { describeWaiver, type WaivedFinding } from "#core/formats/findings/waivers.ts";
import { isInsideRepository } from "#core/formats/findings/repository-path.ts";
import { oneOf } from "#core/text/meanings.ts";
import { spdxProblem } from "#core/formats/spdx.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { fail, pending, type Verdict } from "#core/model/verdict.ts";
import {
  fewerMembersAreTighter,
  laterIsTighter,
  moreMembersAreTighter,
  together,
} from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { lookAgainAt, passOnceOver } from "../kit/more-may-come.ts";
import type { Ask } from "#core/facts/ask.ts";
import { judgeAdded, type JudgedDependency } from "./judge-added.ts";
import { count, listed } from "#core/text/phrases.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";

const expression = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = spdxProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  })
  .meta({ description: "An SPDX licence expression.", examples: ["MIT", "Apache-2.0"] });

const params = z
  .strictObject({
    allow: z
      .array(expression)
      .min(1)
      .max(200)
      .optional()
      .describe("Licences an added dependency may have."),
    deny: z.array(expression).min(1).max(200).optional().describe("Licences it must not have."),
    unknown: oneOf(["fail", "warn"], {
      fail: "It fails the rule.",
      warn: "It is named, and passes.",
    })
      .default("fail")
      .describe("What a dependency without a known licence does."),
  })
  .superRefine((asked, context) => {
    if ((asked.allow === undefined) === (asked.deny === undefined)) {
      context.addIssue({
        code: "custom",
        message: 'write either "allow" or "deny" with a list of SPDX expressions',
      });
    }
  })
  .meta({ examples: [{ allow: ["MIT", "Apache-2.0"] }, { deny: ["AGPL-3.0-only"] }] });

type Params = z.output<typeof params>;

export const licenses = defineRule<Params>({
  name: "licenses",
  summary: "Every added dependency has an acceptable licence.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [addedLicenses],
  judge,
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: (organization, repository) =>
    together(
      listDirection(organization, repository),
      laterIsTighter(["warn", "fail"], organization.unknown, repository.unknown),
    ),
  joined: ["deny"],
  describe: required,
});

/** A list of what may be and one of what must not be cannot be compared. */
function listDirection(organization: Params, repository: Params): Direction {
  if (organization.allow !== undefined && repository.allow !== undefined)
    return fewerMembersAreTighter(organization.allow, repository.allow);
  if (organization.deny !== undefined && repository.deny !== undefined)
    return moreMembersAreTighter(organization.deny, repository.deny);
  return "looser";
}

function required({ allow, deny, unknown }: Params): string {
  const lists =
    allow === undefined
      ? `no licence of ${listed(deny ?? [], 8)}`
      : `licences among ${listed(allow, 8)}`;
  return unknown === "warn" ? `${lists}, where the licence is known` : lists;
}

function judge({ params: asked, policy, now }: RuleContext<Params>, ask: Ask): Verdict | undefined {
  const compared = ask(addedLicenses.need());
  if (compared === undefined) return undefined;
  if (compared.added === null) {
    return pending({
      found: compared.note ?? "GitHub compares no dependencies here",
      required: required(asked),
      need: "the licences of added dependencies cannot be told",
      next: "An administrator switches the dependency graph (on private repositories: Code Security) on for this repository; then /gate recheck.",
    });
  }
  const { refused, doubtful, accepted, waived, expired, endsAt } = judgeAdded(
    compared.added,
    asked,
    policy.waivers ?? [],
    now,
  );
  const total = refused.length + doubtful.length + accepted + waived.length;
  const parts = {
    found: total === 0 ? "no dependency added" : found(total, refused, doubtful, waived),
    required: required(asked),
    annotations: refused.flatMap(annotationOf).slice(0, 50),
    evidence: refused.slice(0, 50).map((one) => ({ label: describe(one) })),
    warnings: [
      ...(compared.note === null ? [] : [compared.note]),
      ...doubtful.slice(0, 20).map(describe),
      ...[...waived, ...expired].slice(0, 50).map((one) => describeWaiver(one, now)),
    ],
  };
  const partNote = compared.note;
  const again = partNote === null ? {} : { changesAt: lookAgainAt(now) };
  const first = refused[0];
  if (first === undefined && partNote === null)
    return passOnceOver({ ...parts, changesAt: endsAt }, compared, now);
  if (first === undefined)
    return pending({
      ...parts,
      ...again,
      need: "GitHub's comparison of the dependencies is not complete",
      next: "Somebody with write access lets the workflow that submits dependency snapshots run on the commit that lacks one, this one or its base; Gatehouse looks again by itself every few minutes.",
    });
  // What a part shows is there, whatever else is.
  return fail({
    ...parts,
    ...again,
    need:
      refused.length === 1
        ? `licence of ${first.dependency.name}: ${first.judgement.reason}`
        : `${count(refused.length, "added dependency", "added dependencies")} without an acceptable licence`,
    next: "The author takes another dependency or version; where its licence is fine all the same, an owner of the policy waives it with a date.",
  });
}

function found(
  total: number,
  refused: readonly JudgedDependency[],
  doubtful: readonly JudgedDependency[],
  waived: readonly WaivedFinding[],
): string {
  const names = (list: readonly JudgedDependency[]): string =>
    listed(
      list.map(
        ({ dependency }) => `${dependency.name} (${dependency.license ?? "no licence known"})`,
      ),
      5,
    );
  return [
    `${count(total, "dependency", "dependencies")} added`,
    ...(refused.length === 0 ? [] : [`not acceptable: ${names(refused)}`]),
    ...(doubtful.length === 0 ? [] : [`unknown: ${names(doubtful)}`]),
    ...(waived.length === 0 ? [] : [`${waived.length} waived`]),
  ].join("; ");
}

const describe = ({ dependency, judgement }: JudgedDependency): string =>
  `${dependency.package}${dependency.manifest === null ? "" : ` in ${dependency.manifest}`}: ${judgement.reason}`;

function annotationOf(one: JudgedDependency): readonly Annotation[] {
  const { manifest, name } = one.dependency;
  if (manifest === null || !isInsideRepository(manifest)) return [];
  return [
    {
      path: manifest,
      startLine: 1,
      endLine: 1,
      level: "failure",
      title: `Licence of ${name}`,
      message: describe(one),
    },
  ];
}
