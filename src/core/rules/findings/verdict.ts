import type { FindingTicket, ScanSourceFact } from "#core/facts/findings.ts";
import { annotateFindings, countBySeverity } from "#core/formats/findings/annotations.ts";
import { bySeverity, type Finding, type FindingSource } from "#core/formats/findings/finding.ts";
import { describeWaiver, type WaivedFinding } from "#core/formats/findings/waivers.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { fail, pending, unknown, type Verdict, type VerdictParts } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import { instant } from "#core/text/time.ts";
import { lookAgainAt, nextOfCut, passOnceOver } from "../kit/more-may-come.ts";
import type { Counted, ReadSources } from "./count.ts";
import { effectiveSeverity, requiredFindings, type FindingsParams } from "./params.ts";
import type { ScanState } from "./scans.ts";
import { ticketWords } from "./tickets.ts";

/** GitHub takes 50 annotations a request, and a check run shows all rules' together. */
const mostAnnotations = 100;
const mostListed = 50;
/** What everybody who can read the repository can read as well. */
const publicSources: readonly FindingSource[] = ["artifacts", "dependency-review"];

export interface FindingsJudged {
  readonly asked: FindingsParams;
  readonly sources: ReadSources;
  readonly counted: Counted;
  readonly scans: ScanState;
  readonly isPublic: boolean;
  readonly isPullRequest: boolean;
  readonly tickets: readonly FindingTicket[];
  readonly now: number;
}

/** What blocks is said first; then what nobody could read; then what has not been scanned. */
export function findingsVerdict(judged: FindingsJudged): Verdict {
  const { asked, counted, scans, sources } = judged;
  const required = requiredFindings(asked);
  const unreadable = [...sources.values()].flatMap((source) => source.unreadable);
  const parts = { ...shown(judged), found: found(judged), required };
  const blocking = counted.blocking.length + counted.uncounted;
  if (blocking > 0 && asked.block !== "none") {
    return fail({
      ...parts,
      need: `${severityCount(counted, asked)} ${asked.block === "critical" ? "" : `(${asked.block} or above) `}must be fixed or waived`,
      next: `The author fixes ${blocking === 1 ? "it" : "them"}; where that cannot be, an owner of the policy waives ${blocking === 1 ? "it" : "them"} with a date.`,
    });
  }
  if (unreadable.length > 0) {
    return unknown({
      ...parts,
      need: `a scan report cannot be read: ${unreadable[0] ?? ""}`,
      next: "The author repairs the step that writes the report and runs it again; what nobody can read may hold anything.",
    });
  }
  const [lost] = [...sources.values()].flatMap((source) => source.lost ?? []);
  if (lost !== undefined) {
    return unknown({
      ...parts,
      need: `what a scan found is gone: ${lost.what}`,
      next: lost.remedy,
    });
  }
  if (scans.missing.length > 0) {
    return pending({
      ...parts,
      need: `not scanned: ${listed(scans.missing, 3)}`,
      next:
        scans.waiting.length > 0
          ? `${listed(scans.waiting, 3)} will report by itself; Gatehouse judges again when the run ends.`
          : scans.cut.length > 0
            ? nextOfCut
            : `Somebody with write access runs the scan on this commit, or switches the source on; no alert is not the same as scanned.${scans.until === undefined ? "" : ` Gatehouse goes on without at ${instant(scans.until)}, where nothing of theirs begins.`}`,
      ...changesAt(judged),
    });
  }
  return passOnceOver({ ...parts, changesAt: counted.endsAt }, scans, judged.now);
}

function changesAt({ scans, sources, now }: FindingsJudged): Pick<VerdictParts, "changesAt"> {
  const times = [
    ...(scans.until === undefined ? [] : [scans.until]),
    ...(isPart(sources.get("dependency-review")) ? [lookAgainAt(now)] : []),
  ];
  return times.length === 0 ? {} : { changesAt: Math.min(...times) };
}

/** A comparison that is on and proves nothing lacks a snapshot, perhaps the base's, whose run brings no event that names this. */
const isPart = (comparison: ScanSourceFact | undefined): boolean =>
  comparison?.state === "on" && comparison.scans.length === 0;

function severityCount({ blocking, uncounted }: Counted, asked: FindingsParams): string {
  const words = countBySeverity(
    blocking.map((finding) => ({ severity: effectiveSeverity(finding, asked) })),
  );
  const all =
    blocking.length === 0
      ? `${uncounted}`
      : uncounted === 0
        ? words
        : `${words} and ${uncounted} more`;
  return `${all} ${blocking.length + uncounted === 1 ? "finding" : "findings"}`;
}

function found({ asked, counted, scans }: FindingsJudged): string {
  const all = [...counted.blocking, ...counted.ticketed, ...counted.minor].map((finding) => ({
    severity: effectiveSeverity(finding, asked),
  }));
  const more = counted.uncounted === 0 ? "" : ` and ${counted.uncounted} more`;
  const dismissed = counted.accepted.filter(
    ({ suppression }) => suppression?.kind === "dismissed",
  ).length;
  const suppressed = counted.accepted.length - dismissed;
  return [
    all.length === 0 && counted.uncounted === 0 ? "no finding" : `${countBySeverity(all)}${more}`,
    ...(counted.waived.length === 0 ? [] : [`${counted.waived.length} waived`]),
    ...(dismissed === 0 ? [] : [`${dismissed} dismissed`]),
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed in a report`]),
    scans.scanned.length === 0
      ? "nothing scanned this commit"
      : `scanned by ${listed(scans.scanned, 6)}`,
  ].join("; ");
}

/** Annotations, evidence and warnings: on a public repository only what its readers may see anyway (threat T51). */
function shown(
  judged: FindingsJudged,
): Pick<VerdictParts, "annotations" | "evidence" | "warnings" | "links"> {
  const { asked, counted, sources, scans, isPublic, now } = judged;
  const grave = [...counted.blocking, ...counted.ticketed].sort(bySeverity);
  const link = linkOfMost(grave, sources);
  const visible = (finding: Finding): boolean =>
    !isPublic || (finding.kind !== "secret" && publicSources.includes(finding.source));
  // Most severe first, and no more than can be shown: a report may hold thousands.
  const near = grave
    .slice(0, 1_000)
    .map((finding) => ({ ...finding, severity: effectiveSeverity(finding, asked) }));
  const { annotations, note } = annotateFindings(near, {
    limit: mostAnnotations,
    visibility: isPublic ? "public" : "private",
    publicSources,
  });
  const beyond = grave.length - near.length + counted.uncounted;
  const rest =
    note === null ? null : beyond === 0 ? note : `${note}; and ${beyond} more beyond these`;
  return {
    annotations,
    links: rest === null || link === undefined ? [] : [{ label: rest, url: link }],
    evidence: [
      ...[...sources.values()].flatMap((source) => source.evidence),
      ...near.filter(visible).slice(0, mostListed).map(evidenceOf),
    ],
    warnings: [
      ...(rest === null || link !== undefined ? [] : [rest]),
      ...waiverLines(counted.waived, visible, now),
      ...waiverLines(counted.expired, visible, now),
      ...dismissalLines(counted, visible),
      ...(counted.fixedHere.length === 0
        ? []
        : [
            `${count(counted.fixedHere.length, "Dependabot alert")} on packages that this change removes ${counted.fixedHere.length === 1 ? "is" : "are"} left out`,
          ]),
      ...ticketWords(judged),
      ...scans.notScanned.map((source) => `not scanned: ${source}`),
      ...scans.late.map(
        (tool) =>
          `not scanned: ${tool} analysed an earlier head of this pull request and has not begun on this one for 30 minutes: its workflow is gone, or leaves this change out`,
      ),
      ...[...sources.values()]
        .flatMap((source) => [
          ...source.unreadable.slice(1),
          ...(source.lost ?? []).slice(1).map(({ what }) => what),
          ...source.ignored,
        ])
        .slice(0, 10),
    ],
  };
}

/** Where most of them can be seen. */
function linkOfMost(grave: readonly Finding[], sources: ReadSources): string | undefined {
  const counts = [...sources].flatMap(([source, { link }]) =>
    link === null
      ? []
      : [{ link, count: grave.filter((finding) => finding.source === source).length }],
  );
  return counts.toSorted((a, b) => b.count - a.count)[0]?.link;
}

function evidenceOf(finding: Finding): Evidence {
  const place =
    finding.path === undefined
      ? (finding.package ?? "")
      : `${finding.path}${finding.startLine === undefined ? "" : `:${finding.startLine}`}`;
  const what =
    finding.kind === "secret"
      ? `leaked secret (${finding.rule})`
      : `${finding.title} (${finding.rule})`;
  return {
    label: `${finding.severity}: ${what}${place === "" ? "" : ` in ${place}`}, ${finding.tool}`,
    ...(finding.url === undefined ? {} : { url: finding.url }),
  };
}

/** Every waived finding with its waiver; where details must not be seen, the waiver alone. */
function waiverLines(
  waived: readonly WaivedFinding[],
  visible: (finding: Finding) => boolean,
  now: number,
): readonly string[] {
  const lines = waived.map((one) =>
    visible(one.finding)
      ? describeWaiver(one, now)
      : describeWaiver(
          {
            ...one,
            finding: {
              ...one.finding,
              aliases: [],
              rule: `a ${one.finding.kind} finding`,
              package: undefined,
            },
          },
          now,
        ),
  );
  return lines.length <= mostListed
    ? lines
    : [...lines.slice(0, mostListed), `and ${lines.length - mostListed} more waived findings`];
}

const whyRefused = (finding: Finding): string =>
  finding.suppression?.by?.login.endsWith("[bot]") === true
    ? "which is no person"
    : "who has a part in this change";

/** A finding that does not count is said all the same: who reads the verdict sees what was let off, and how. */
function how({ suppression, tool }: Finding): string {
  if (suppression?.kind === "dismissed") return "dismissed";
  return suppression?.kind === "inSource"
    ? `suppressed by a comment in the code, as ${tool} reports`
    : `suppressed in the report of ${tool}`;
}

function dismissalLines(
  { accepted, refused }: Counted,
  visible: (finding: Finding) => boolean,
): readonly string[] {
  const name = (finding: Finding): string =>
    visible(finding)
      ? `${finding.aliases[0] ?? finding.rule}${finding.path === undefined ? "" : ` in ${finding.path}`}`
      : `a ${finding.kind} finding`;
  const by = ({ suppression }: Finding): string =>
    suppression?.by !== undefined
      ? ` by @${suppression.by.login}`
      : suppression?.kind === "dismissed"
        ? " by somebody unknown"
        : "";
  return [
    ...refused
      .slice(0, 20)
      .map(
        (finding) =>
          `${name(finding)}: ${how(finding)}${by(finding)}, ${whyRefused(finding)}: it counts until somebody else accepts it`,
      ),
    ...accepted
      .slice(0, 20)
      .map(
        (finding) =>
          `${name(finding)}: ${how(finding)}${by(finding)}${finding.suppression?.justification === undefined || !visible(finding) ? "" : `: ${finding.suppression.justification}`}`,
      ),
    ...(accepted.length > 20 ? [`and ${accepted.length - 20} more of them`] : []),
  ];
}
