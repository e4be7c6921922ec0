import { branchTip } from "#core/facts/findings.ts";
import { type FactTable, lookUp } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { needsOf, type BranchFindings, type TicketingRule } from "#core/tickets/ticketing-rules.ts";
import type { Deps } from "#flow/deps.ts";
import { valueOf } from "#flow/facts/value-of.ts";

const mostBaseline = 20_000;

/** The tip of the default branch, read as a deployment of it would be; nothing of this subject is recorded. */
export async function readBranch(
  { facts }: Pick<Deps, "facts">,
  repository: RepositoryRecord,
  rules: readonly TicketingRule[],
): Promise<FactTable> {
  const subject = (sha: string): DeploymentSubject => ({
    kind: "deployment",
    repository: repository.id,
    deploymentId: 0,
    environment: "",
    sha,
    ref: repository.defaultBranch,
    runId: null,
  });
  // Where no rule asks, nothing is read.
  if (rules.length === 0) return new Map();
  const tip = branchTip.need(repository.defaultBranch);
  const sha = valueOf(
    lookUp(await facts.open(subject(""), repository).read([tip]), tip),
    "the tip of the default branch was not read",
  );
  return facts.open(subject(sha), repository).read(needsOf(rules));
}

/** Under `new_only` what was there when tickets began is known: it gets none. */
export async function withoutBaseline(
  { store }: Pick<Deps, "store">,
  repository: RepositoryRecord,
  rules: readonly TicketingRule[],
  found: BranchFindings,
): Promise<BranchFindings> {
  if (rules.length === 0 || !rules.every(({ asked }) => asked.new_only)) return found;
  const key = `tickets-baseline:${repository.id}`;
  const kept = await store.records.getValue(key);
  if (kept === null) {
    await store.records.setValue(
      key,
      JSON.stringify(found.wanted.slice(0, mostBaseline).map((finding) => finding.fingerprint)),
    );
    return { ...found, wanted: [] };
  }
  const known = new Set<unknown>(JSON.parse(kept) as readonly unknown[]);
  return { ...found, wanted: found.wanted.filter((finding) => !known.has(finding.fingerprint)) };
}
