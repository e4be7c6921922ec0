import { rangeOf } from "@gatehouse/github-simulator/world/diffs.ts";
import { all, no, unjudged, yes, type Answer } from "./answer.ts";
import { contributorsOf } from "./people.ts";
import { pullRefSha } from "@gatehouse/github-simulator/world/pull-refs.ts";
import { otherKeys, textsOf, type Doc } from "./doc.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";

/** Files of an archive whose entries are stored as they are, which is how the simulated GitHub writes them. */
export function filesOf(zip: Buffer): ReadonlyMap<string, string> | undefined {
  const files = new Map<string, string>();
  let at = 0;
  while (at + 30 <= zip.length && zip.readUInt32LE(at) === 0x04034b50) {
    if (zip.readUInt16LE(at + 8) !== 0) return undefined;
    const [size, name, extra] = [
      zip.readUInt32LE(at + 18),
      zip.readUInt16LE(at + 26),
      zip.readUInt16LE(at + 28),
    ];
    const from = at + 30 + name + extra;
    files.set(
      zip.toString("utf8", at + 30, at + 30 + name),
      zip.toString("utf8", from, from + size),
    );
    at = from + size;
  }
  return files;
}

/** Archives of this repository's own newest attempts on a commit. */
export const archivesOn = (repo: Repo, sha: string) =>
  [...repo.artifacts.values()].filter((one) => {
    const run = repo.runs.get(one.runId);
    return run?.headSha === sha && run.headRepoId === repo.id;
  });

/** What the gate had read of a report before it expired goes on counting, and the oracle has read nothing. */
export const hasExpired = (repo: Repo, sha: string): boolean =>
  archivesOn(repo, sha).some((one) => one.expired);

interface Lines {
  readonly covered: number;
  readonly valid: number;
  readonly hits: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** The lines of one LCOV report; undefined for whatever is said otherwise in it. */
function linesOf(lcov: string): Lines | undefined {
  const hits = new Map<string, Map<number, number>>();
  let file = "";
  for (const line of lcov.split(/\r?\n/)) {
    if (line.startsWith("SF:")) file = line.slice(3);
    const found = /^DA:(\d+),(\d+)$/.exec(line);
    if (found === null) {
      if (!/^(?:SF:|TN:|LF:|LH:|BRF:|BRH:|FNF:|FNH:|end_of_record|$)/.test(line)) return undefined;
      continue;
    }
    const of = hits.get(file) ?? new Map<number, number>();
    of.set(Number(found[1]), (of.get(Number(found[1])) ?? 0) + Number(found[2]));
    hits.set(file, of);
  }
  const counts = [...hits.values()].flatMap((of) => [...of.values()]);
  return { covered: counts.filter((one) => one > 0).length, valid: counts.length, hits };
}

/** Coverage in its plainest form: one LCOV report of this commit. */
export function judgeCoverage(
  at: { readonly world: World; readonly repo: Repo; readonly base: string },
  sha: string,
  params: Doc,
): Answer {
  const strange = otherKeys(params, ["project", "patch", "if_absent"]);
  if (strange.length > 0) return unjudged(`coverage.${strange.join()}`);
  if (hasExpired(at.repo, sha)) return unjudged("an expired report");
  const archives = archivesOn(at.repo, sha).filter((one) => one.name.startsWith("coverage"));
  const [archive] = archives;
  const own = [...at.repo.checkRuns.values()].some(
    (run) => run.headSha === sha && run.appId !== at.world.appId && run.jobId === null,
  );
  if (own || at.repo.statuses.some((one) => one.sha === sha)) return unjudged("a service's word");
  if (archive === undefined)
    return params["if_absent"] === "skip" ? unjudged("no report") : no("no report of this commit");
  const files = [...(filesOf(archive.zip) ?? [])];
  const [file] = files;
  if (archives.length > 1 || files.length !== 1 || file === undefined || !file[0].endsWith(".info"))
    return unjudged("reports of other forms");
  const lines = linesOf(file[1]);
  if (lines === undefined) return unjudged("a report of another form");
  const part = (covered: number, valid: number, least: unknown, what: string): Answer =>
    valid > 0 && (covered * 100) / valid >= Number(least)
      ? yes()
      : no(`${what} ${covered} of ${valid}, below ${String(least)} %`);
  const answers = [part(lines.covered, lines.valid, params["project"] ?? 80, "coverage")];
  if (params["patch"] !== undefined) {
    const added = addedLines(at, sha).flatMap(
      ([path, line]) => lines.hits.get(path)?.get(line) ?? [],
    );
    answers.push(
      added.length === 0
        ? unjudged("no changed line is measured")
        : part(added.filter((one) => one > 0).length, added.length, params["patch"], "patch"),
    );
  }
  return all(answers);
}

/** Path and number of each line that a change adds. */
function addedLines(
  { world, base }: { readonly world: World; readonly base: string },
  sha: string,
): readonly (readonly [string, number])[] {
  return rangeOf(world, base, sha).files.flatMap(({ path, patch }) => {
    const added: [string, number][] = [];
    let line = 0;
    for (const text of (patch ?? "").split("\n")) {
      const hunk = /^@@ -\S+ \+(\d+)/.exec(text);
      if (hunk !== null) line = Number(hunk[1]);
      else if (text.startsWith("+")) added.push([path, line++]);
      else if (text.startsWith(" ")) line += 1;
    }
    return added;
  });
}

const ladder = ["low", "medium", "high", "critical"];

/** Alerts on exactly this change, as bad as the rule blocks, that are open or that a contributor dismissed; what else may be against it is judged where code scanning alone is asked. */
export function judgeFindings(
  {
    world,
    repo,
    numbers,
  }: { readonly world: World; readonly repo: Repo; readonly numbers: readonly number[] },
  sha: string,
  params: Doc,
): Answer {
  if (otherKeys(params, ["block", "ticket", "require_scan", "from"]).length > 0)
    return unjudged("findings");
  const least = ladder.indexOf(String(params["block"] ?? "critical"));
  const refs = numbers.flatMap((number) => [
    `refs/pull/${number}/merge`,
    `refs/pull/${number}/head`,
  ]);
  const pulls = numbers.flatMap((number) => repo.pulls.get(number) ?? []);
  const isOwn = (id: number): boolean =>
    pulls.some((pull) => {
      const { openers, others } = contributorsOf(world, repo, pull);
      return openers.has(id) || others.has(id);
    });
  const from = params["from"] === undefined ? null : textsOf(params["from"]);
  const found =
    (from ?? ["code-scanning"]).includes("code-scanning") && repo.evidence.enabled.codeScanning
      ? repo.evidence.codeAlerts.filter(
          (alert) =>
            ladder.indexOf(alert.securitySeverity ?? "") >= least &&
            [...alert.instances.values()].some(
              (one) => one.state === "open" && refs.includes(one.ref),
            ),
        )
      : [];
  const against = found.filter((one) => one.dismissed === null || isOwn(one.dismissed.byId));
  if (against.length > 0)
    return no(
      `alerts: ${against.map((one) => `${one.rule}${one.dismissed === null ? "" : ", dismissed by a contributor"}`).join("; ")}`,
    );
  const isScanned = repo.evidence.analyses.some(
    (one) => refs.includes(one.ref) && pullRefSha(world, repo, one.ref) === one.sha,
  );
  const isHead = pulls.every((pull) => pull.headSha === sha);
  if (isHead && isScanned && from?.length === 1 && from[0] === "code-scanning") return yes();
  return unjudged(
    `findings of ${world.accounts.get(repo.ownerId)?.login}/${repo.name} ${sha.slice(0, 7)}`,
  );
}

/** Licences of added dependencies, by plain identifiers. */
export function judgeLicences(repo: Repo, base: string, sha: string, params: Doc): Answer {
  if (params["allow"] === undefined || otherKeys(params, ["allow", "unknown"]).length > 0)
    return unjudged("licenses");
  if (!repo.evidence.enabled.dependencyGraph) return no("the dependency graph is off");
  const changes =
    repo.evidence.dependencyChanges.get(`${base}...${sha}`) ??
    repo.evidence.dependencyChanges.get(sha) ??
    [];
  const allowed = textsOf(params["allow"]);
  return all(
    changes
      .filter((one) => one.change_type === "added")
      .map(({ name, license }) => {
        if (license === null)
          return params["unknown"] === "warn" ? yes() : no(`${name} has no known licence`);
        if (!/^[A-Za-z0-9.-]+$/.test(license)) return unjudged(`${name}: ${license}`);
        return allowed.includes(license) ? yes() : no(`${name} is ${license}`);
      }),
  );
}
