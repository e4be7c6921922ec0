import { Command } from "commander";
import { exportAudit, type AuditFormat } from "../../io/audit/export.ts";
import type { AuditHead } from "../../io/audit/chain.ts";
import { verifyAudit } from "../../io/audit/verify.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import { settingsHere, withStore } from "../store.ts";
import { text, type DefineCommand } from "./command.ts";

/** `12:abc…`: a head that was noted elsewhere, which nobody who rewrites the log can reach. */
function notedHead(value: string): AuditHead | null {
  if (value === "") return null;
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(value);
  if (match === null) throw new UnusableInput(`--from ${value}: write the number and the hash of a record, as audit verify prints them: 12:…`);
  return { seq: Number(match[1]), hash: (match[2] ?? "").toLowerCase() };
}

async function verify(from: AuditHead | null): Promise<Answer> {
  const result = await withStore(settingsHere(), (store) => verifyAudit(store, from));
  if (result.kind === "ok") return { json: { ok: true, records: result.records, head: result.head }, text: `${result.records} records, unbroken; head ${result.head.seq}:${result.head.hash}`, exitCode: 0 };
  return { json: { ok: false, record: result.seq, because: result.because }, text: `broken at record ${result.seq}: ${result.because}; neither it nor what follows can be believed`, exitCode: 1 };
}

async function exported(format: AuditFormat, after: number, json: boolean): Promise<Answer | null> {
  return withStore(settingsHere(), async (store) => {
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

export const audit: DefineCommand = () => ({
  command: new Command("audit")
    .description("check the chain of the audit log, or print its records")
    .argument("<what>", "verify or export")
    .option("--from <head>", "verify: begin at a head that was noted elsewhere, <number>:<hash>")
    .option("--format <format>", "export: jsonl or csv", "jsonl")
    .option("--after <number>", "export: only records after this one", "0"),
  run: async ([what], options) => {
    switch (text(what)) {
      case "verify":
        return verify(notedHead(text(options["from"])));
      case "export": {
        const format = text(options["format"]);
        const after = Number(text(options["after"]));
        if (format !== "jsonl" && format !== "csv") throw new UnusableInput(`--format ${format}: neither jsonl nor csv`);
        if (!Number.isSafeInteger(after) || after < 0) throw new UnusableInput(`--after ${text(options["after"])}: not the number of a record`);
        return exported(format, after, options["json"] === true);
      }
      default:
        throw new UnusableInput(`audit: "${text(what)}" is neither verify nor export`);
    }
  },
});
