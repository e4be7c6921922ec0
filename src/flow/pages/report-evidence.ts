import { z } from "zod";
import { deployedPullRequests } from "#core/facts/deployed-range.ts";
import type { KeptInputs } from "#core/ports/ledger.ts";
import type { AuditedPullRequest } from "#core/report/audited.ts";
import { isScan, scanOf } from "#core/report/change-evidence.ts";
import type { LoggedDecision } from "#core/report/logged.ts";

const login = z.object({ login: z.string() }).transform((person) => person.login);

const pullRequests = z.object({
  ok: z.literal(true),
  value: z.array(
    z.object({
      number: z.number(),
      author: login.nullable(),
      mergedBy: login.nullable(),
      approvedBy: z.array(login),
    }),
  ),
});
/** Digests read in one question. */
const piece = 200;

/** What decisions on deployments stood on, as long as it is kept. */
export interface DeploymentEvidence {
  /** null: the decision did not ask, or it is not kept any more. */
  readonly pullRequestsOf: (decision: LoggedDecision) => readonly AuditedPullRequest[] | null;
  readonly scansOf: (decision: LoggedDecision) => readonly string[] | null;
}

const factsOf = ({ facts }: LoggedDecision): Readonly<Record<string, string>> => facts ?? {};

const isWanted = (key: string): boolean => key === deployedPullRequests.need().key || isScan(key);

/** Reads the pieces that the decisions name, each once. */
export async function readEvidence(
  inputs: Pick<KeptInputs, "read">,
  decisions: readonly LoggedDecision[],
): Promise<DeploymentEvidence> {
  const named = [
    ...new Set(
      decisions.flatMap((decision) =>
        Object.entries(factsOf(decision)).flatMap(([key, digest]) =>
          isWanted(key) ? [digest] : [],
        ),
      ),
    ),
  ];
  const found = new Map<string, unknown>();
  for (let at = 0; at < named.length; at += piece)
    for (const [digest, text] of await inputs.read(named.slice(at, at + piece)))
      found.set(digest, JSON.parse(text));
  return {
    pullRequestsOf: (decision) => {
      const digest = factsOf(decision)[deployedPullRequests.need().key];
      const read = pullRequests.safeParse(digest === undefined ? undefined : found.get(digest));
      if (!read.success) return null;
      return read.data.value.map(({ number, author, mergedBy, approvedBy }) => ({
        number,
        author,
        mergedBy,
        reviewers: approvedBy,
        tickets: null,
      }));
    },
    scansOf: (decision) => {
      const read = Object.entries(factsOf(decision)).flatMap(([key, digest]) => {
        const scan = isScan(key) ? scanOf(found.get(digest)) : null;
        return scan === null ? [] : [scan];
      });
      return read.length === 0 ? null : [...new Set(read.flat())];
    },
  };
}
