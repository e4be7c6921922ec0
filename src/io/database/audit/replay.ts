import { createHash } from "node:crypto";
import type { KeptInputs } from "#core/ports/ledger.ts";
import { judgeablePolicy, type Judgeable } from "#core/policy/policy-state.ts";
import { decideAgain } from "#core/record/decide-again.ts";
import { compareOutcome } from "#core/record/outcome.ts";
import { digestsOf, putTogether, readDigests } from "#core/record/put-together.ts";
import { type AuditRecord, chainHash, genesisHash } from "./chain.ts";
import type { AuditTrail } from "./trail.ts";

/**
 * What became of one recorded decision, made again from what it was made of.
 * - `same`: to the last word. `words`: the same decision and verdicts, in other words.
 * - `other`: it comes out otherwise. `tampered`: the record, or a piece of what it stood on, is not what was written.
 * - `removed`: its inputs were removed by age. `unjudged`: there are none, for nothing was judged.
 */
export interface ReplayedDecision {
  readonly seq: number;
  readonly at: number;
  readonly subject: string | null;
  readonly kind: "same" | "words" | "other" | "tampered" | "removed" | "unjudged";
  readonly because: string;
}

const page = 500;
const mostPolicies = 200;

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

interface Logged {
  readonly trail: AuditTrail;
  readonly inputs: Pick<KeptInputs, "read">;
}

/** Makes recorded decisions again: those after `after` up to and with `last`. Whatever the database holds is checked against the chain first. */
export async function* replayDecisions(
  store: Logged,
  after = 0,
  last = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<ReplayedDecision, void, undefined> {
  const removedBefore = await removal(store.trail);
  const policies = new Map<string, Judgeable>();
  let previous = await hashBefore(store.trail, after);
  for (let seq = after; seq < last;) {
    const records = await store.trail.after(seq, Math.min(page, last - seq));
    for (const record of records) {
      const isWhole = record.seq === seq + 1 && chainHash(previous, record) === record.hash;
      [seq, previous] = [record.seq, record.hash];
      if (record.kind !== "decision") continue;
      yield isWhole
        ? await replayOne(record, store, removedBefore, policies)
        : told(
            record,
            "tampered",
            "the record is not what was written, or one before it is missing",
          );
    }
    if (records.length === 0) return;
  }
}

/** One recorded decision, made again; null: there is none at this number. */
export async function replayedAt(store: Logged, seq: number): Promise<ReplayedDecision | null> {
  for await (const replayed of replayDecisions(store, seq - 1, seq)) return replayed;
  return null;
}

const told = (
  { seq, at, subject }: AuditRecord,
  kind: ReplayedDecision["kind"],
  because: string,
): ReplayedDecision => ({ seq, at, subject, kind, because });

async function hashBefore(trail: AuditTrail, after: number): Promise<string> {
  if (after < 1) return genesisHash;
  const [record] = await trail.after(after - 1, 1);
  return record?.seq === after ? record.hash : "";
}

/** Inputs of decisions before this instant may be gone by age (epoch ms). */
async function removal(trail: AuditTrail): Promise<number> {
  const record = await trail.lastOf("inputs_removed");
  const detail: unknown = record === null ? null : JSON.parse(record.detail);
  return typeof detail === "object" &&
    detail !== null &&
    "before" in detail &&
    typeof detail.before === "number"
    ? detail.before
    : 0;
}

async function replayOne(
  record: AuditRecord,
  store: Logged,
  removedBefore: number,
  policies: Map<string, Judgeable>,
): Promise<ReplayedDecision> {
  const detail: unknown = JSON.parse(record.detail);
  const named = readDigests(
    typeof detail === "object" && detail !== null && "inputs" in detail ? detail.inputs : null,
  );
  if (named === null)
    return told(
      record,
      "unjudged",
      "nothing was judged, or an earlier version recorded it without its inputs",
    );
  const texts = await store.inputs.read(digestsOf(named));
  const words: ReadonlyMap<string, string> = new Map([
    [named.policy, "the policy"],
    [named.situation, "the subject, holds and overrides"],
    ...Object.entries(named.facts).map(([key, digest]): [string, string] => [
      digest,
      `the fact ${key}`,
    ]),
  ]);
  const leftOut = new Set((named.leftOut ?? []).map((key) => named.facts[key]));
  for (const digest of digestsOf(named)) {
    const what = words.get(digest) ?? "a piece";
    const text = texts.get(digest);
    if (text === undefined) {
      if (leftOut.has(digest)) return told(record, "removed", `${what} was too large to be kept`);
      return record.at < removedBefore
        ? told(record, "removed", "what it was made of was removed by age (KEEP_INPUTS_DAYS)")
        : told(record, "tampered", `${what} is missing, and was not removed by age`);
    }
    if (digestOf(text) !== digest)
      return told(record, "tampered", `${what} is not what was recorded`);
  }
  const inputs = putTogether(named, (digest) => texts.get(digest) ?? "");
  const made = policies.get(named.policy) ?? judgeablePolicy(inputs.policy);
  if (policies.size >= mostPolicies) policies.clear();
  policies.set(named.policy, made);
  const found = compareOutcome(detail, decideAgain(inputs, made), digestOf);
  switch (found.kind) {
    case "same":
      return told(record, "same", "");
    case "words":
      return told(record, "words", "the same decision, in other words than this version's");
    case "other":
      return told(record, "other", found.because);
  }
}
