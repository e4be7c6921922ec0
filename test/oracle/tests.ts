import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { no, unjudged, yes, type Answer } from "./answer.ts";
import { listOf, otherKeys, type Doc } from "./doc.ts";
import { archivesOn, filesOf, hasExpired } from "./evidence.ts";

/** JUnit reports in their plainest form: one file of this commit, no case twice, nobody in quarantine. */
export function judgeTests(policies: readonly Doc[], repo: Repo, sha: string, params: Doc): Answer {
  const strange = otherKeys(params, ["min", "max_failed"]);
  if (strange.length > 0) return unjudged(`tests.${strange.join()}`);
  if (policies.some((one) => listOf(one["quarantine"]).length > 0)) return unjudged("a quarantine");
  if (hasExpired(repo, sha)) return unjudged("an expired report");
  const archives = archivesOn(repo, sha).filter(({ name }) => /^(?:junit|test-results)/.test(name));
  const [archive] = archives;
  if (archive === undefined) return no("no test report of this commit");
  const files = [...(filesOf(archive.zip) ?? [])];
  const [file] = files;
  if (archives.length > 1 || files.length !== 1 || file === undefined)
    return unjudged("several test reports");
  const [, text] = file;
  const cases = text.match(/<testcase\b[^>]*>/g) ?? [];
  if (/<!|<\?(?!xml )|<(?:rerun|flaky)/.test(text) || new Set(cases).size !== cases.length)
    return unjudged("a test report of another form");
  const skipped = (text.match(/<skipped\b/g) ?? []).length;
  const failed = (text.match(/<(?:failure|error)\b/g) ?? []).length;
  if (failed > Number(params["max_failed"] ?? 0)) return no(`${failed} tests failed`);
  return cases.length - skipped >= Number(params["min"] ?? 1)
    ? yes()
    : no(`${cases.length - skipped} tests ran`);
}
