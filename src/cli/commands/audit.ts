import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import type { AuditHead } from "#core/ports/audit.ts";
import { exportAudit, type AuditFormat } from "#io/database/audit/export.ts";
import { replayDecisions, type ReplayedDecision } from "#io/database/audit/replay.ts";
import { contradicted, verifyAudit } from "#io/database/audit/verify.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import { settingsHere, withRecords } from "../store.ts";
import { text, type DefineCommand } from "./command.ts";

/** `12:abc…`: a head that was noted elsewhere, which nobody who rewrites the log can reach. */
function notedHead(value: string): AuditHead | null {
  if (value === "") return null;
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(value);
  if (match === null)
    throw new UnusableInput(
      `--from ${value}: write the number and the hash of a record, as audit verify prints them: 12:…`,
    );
  return { seq: Number(match[1]), hash: (match[2] ?? "").toLowerCase() };
}

const notedLine = z.object({
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Lines as AUDIT_ANCHOR writes them. */
function notedHeads(file: string): readonly AuditHead[] {
  if (file === "") return [];
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UnusableInput(`--anchors ${file}: the file cannot be read`);
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [notedLine.parse(JSON.parse(line))];
    } catch {
      throw new UnusableInput(
        `--anchors ${file}:${index + 1}: not a noted head, which is {"seq":12,"hash":"…"}`,
      );
    }
  });
}

async function verify(from: AuditHead | null, noted: readonly AuditHead[]): Promise<Answer> {
  const result = await withRecords(settingsHere(), async (store) => {
    const chain = await verifyAudit(store, from);
    const other = chain.kind === "ok" ? await contradicted(store, noted) : null;
    return other === null
      ? chain
      : ({
          kind: "broken",
          seq: other.seq,
          because: "the record is not the one that was noted, or is gone",
        } as const);
  });
  if (result.kind === "ok")
    return {
      json: { ok: true, records: result.records, noted: noted.length, head: result.head },
      text: `${result.records} records, unbroken${noted.length === 0 ? "" : `, as ${noted.length} noted heads say`}; head ${result.head.seq}:${result.head.hash}`,
      exitCode: 0,
    };
  return {
    json: { ok: false, record: result.seq, because: result.because },
    text: `broken at record ${result.seq}: ${result.because}; neither it nor what follows can be believed`,
    exitCode: 1,
  };
}

async function exported(format: AuditFormat, after: number, json: boolean): Promise<Answer | null> {
  return withRecords(settingsHere(), async (store) => {
    if (json) {
      const records: unknown[] = [];
      for await (const line of exportAudit(store, "jsonl", after)) records.push(JSON.parse(line));
      return { json: records, text: "", exitCode: 0 };
    }
    // Line by line: the log may be longer than memory.
    for await (const line of exportAudit(store, format, after)) process.stdout.write(`${line}\n`);
    return null;
  });
}

/** Kinds that are no trouble; of the others each is told. */
const fine: readonly ReplayedDecision["kind"][] = ["same", "words", "removed", "unjudged"];

const meanings: Readonly<Record<ReplayedDecision["kind"], string>> = {
  same: "come out the same, to the last word",
  words: "come out the same, in other words",
  other: "come out otherwise",
  tampered: "are not what was written, or stand on what is not",
  removed: "cannot be made again: what they were made of is not kept any more",
  unjudged: "were not judged by any rule, or recorded without what they were made of",
};

const outcomes = [
  "same",
  "words",
  "other",
  "tampered",
  "removed",
  "unjudged",
] as const satisfies readonly ReplayedDecision["kind"][];

/** One record, or all of them. */
function replayed(which: string): { readonly after: number; readonly last: number } {
  if (which === "all" || which === "") return { after: 0, last: Number.MAX_SAFE_INTEGER };
  const seq = /^\d{1,15}$/.test(which) ? Number(which) : 0;
  if (seq < 1)
    throw new UnusableInput(`audit replay ${which}: write the number of a record, or all`);
  return { after: seq - 1, last: seq };
}

async function replay(which: string): Promise<Answer> {
  const { after, last } = replayed(which);
  const counts: Record<ReplayedDecision["kind"], number> = {
    same: 0,
    words: 0,
    other: 0,
    tampered: 0,
    removed: 0,
    unjudged: 0,
  };
  const troubles: ReplayedDecision[] = [];
  await withRecords(settingsHere(), async (store) => {
    for await (const decision of replayDecisions(store, after, last)) {
      counts[decision.kind] += 1;
      if (!fine.includes(decision.kind) || last !== Number.MAX_SAFE_INTEGER)
        troubles.push(decision);
    }
  });
  const decisions = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (decisions === 0 && last !== Number.MAX_SAFE_INTEGER)
    throw new UnusableInput(
      `audit replay ${which}: record ${which} is not there, or is not that of a decision (audit export lists them)`,
    );
  const ok = counts.other + counts.tampered === 0;
  const lines = outcomes.flatMap((kind) =>
    counts[kind] === 0 ? [] : [`${counts[kind]} ${meanings[kind]}`],
  );
  return {
    json: {
      ok,
      decisions,
      ...counts,
      records: troubles.map(({ seq, at, subject, kind, because }) => ({
        record: seq,
        at: new Date(at).toISOString(),
        subject,
        outcome: kind,
        because,
      })),
    },
    text: [
      `${decisions} decisions made again`,
      ...lines.map((line) => `  ${line}`),
      ...troubles.map(
        ({ seq, subject, kind, because }) =>
          `record ${seq} (${subject ?? ""}): ${kind}${because === "" ? "" : `: ${because}`}`,
      ),
    ].join("\n"),
    exitCode: ok ? 0 : 1,
  };
}

export const audit: DefineCommand = () => ({
  command: new Command("audit")
    .description(
      "check the chain of the audit log, print its records, or make its decisions again from what they were made of",
    )
    .argument("<what>", "verify, export or replay")
    .argument("[record]", "replay: the number of a decision's record, or all (left out: all)")
    .option("--from <head>", "verify: begin at a head that was noted elsewhere, <number>:<hash>")
    .option(
      "--anchors <file>",
      "verify: compare with the heads that AUDIT_ANCHOR noted in this file",
    )
    .option("--format <format>", "export: jsonl or csv", "jsonl")
    .option("--after <number>", "export: only records after this one", "0"),
  run: async ([what, record], options) => {
    switch (text(what)) {
      case "verify":
        return verify(notedHead(text(options["from"])), notedHeads(text(options["anchors"])));
      case "export": {
        const format = text(options["format"]);
        const after = Number(text(options["after"]));
        if (format !== "jsonl" && format !== "csv")
          throw new UnusableInput(`--format ${format}: neither jsonl nor csv`);
        if (!Number.isSafeInteger(after) || after < 0)
          throw new UnusableInput(`--after ${text(options["after"])}: not the number of a record`);
        return exported(format, after, options["json"] === true);
      }
      case "replay":
        return replay(text(record));
      default:
        throw new UnusableInput(`audit: "${text(what)}" is none of verify, export, replay`);
    }
  },
});
