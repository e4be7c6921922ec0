import { resolve } from "node:path";
import { Command } from "commander";
import { type Location, parseLocation } from "#io/database/store/location.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import { settingsHere, withRecords } from "../store.ts";
import { text, type DefineCommand } from "./command.ts";

async function backup(file: string): Promise<Answer> {
  if (file === "")
    throw new UnusableInput("store backup: write the file to make: store backup FILE");
  const settings = settingsHere();
  if (parseLocation(settings.databaseUrl).kind === "postgres")
    throw new UnusableInput(
      "store backup: DATABASE_URL names a PostgreSQL server, which has ways of its own: pg_dump, or archiving its log (docs/operations.md, Backup and restore)",
    );
  const path = resolve(file);
  await withRecords(settings, (store) => store.backup(path));
  return { json: { file: path }, text: `${path} is a whole and consistent copy`, exitCode: 0 };
}

async function target(to: string): Promise<string> {
  const { ofOption } = await import("#io/database/move/trouble.ts");
  let location: Location;
  try {
    location = parseLocation(to);
  } catch (error) {
    throw ofOption(error);
  }
  if (location.kind === "postgres") return location.url;
  throw new UnusableInput(
    "store move: --to names no PostgreSQL database: postgres://USER:PASSWORD@HOST:PORT/DATABASE",
  );
}

async function move(to: string): Promise<Answer> {
  if (to === "")
    throw new UnusableInput("store move: name the database to move into: store move --to URL");
  const url = await target(to);
  const source = parseLocation(settingsHere().databaseUrl);
  if (source.kind !== "file")
    throw new UnusableInput(
      "store move: DATABASE_URL names no file. It is the embedded database that is moved (file:PATH); change it when the move is through",
    );
  const { moveStore } = await import("#io/database/move/move-store.ts");
  const { tables, audit } = await moveStore({
    path: source.path,
    to: url,
    onStep: (step) => process.stderr.write(`${step}\n`),
  });
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  const counted = Object.entries(tables).map(([name, count]) => `  ${name}: ${count}`);
  const log =
    audit.kind === "ok"
      ? `the audit log: ${audit.records} records, unbroken; head ${audit.head.seq}:${audit.head.hash}`
      : `the audit log is broken at record ${audit.seq}: ${audit.because}; it was moved as it was (npx --no -- gatehouse audit verify says the same of ${source.path})`;
  return {
    json: { ok: audit.kind === "ok", rows, tables, audit },
    text: [
      `${rows} rows moved, each the same on both sides`,
      ...counted,
      log,
      `Now set DATABASE_URL to the new database and start. ${source.path} is as it was: keep it as a backup, and start nothing over it.`,
    ].join("\n"),
    exitCode: audit.kind === "ok" ? 0 : 1,
  };
}

export const store: DefineCommand = () => ({
  command: new Command("store")
    .description(
      "copy the embedded database while the service runs, or move it into PostgreSQL while it does not",
    )
    .argument("<what>", "backup or move")
    .argument("[file]", "backup: the file to make, which must not be there yet")
    .option(
      "--to <url>",
      "move: the PostgreSQL database to move into, which is empty, or holds what a move that was broken off left there",
    ),
  run: ([what, file], options) => {
    switch (text(what)) {
      case "backup":
        return backup(text(file));
      case "move":
        return move(text(options["to"]));
      default:
        throw new UnusableInput(`store: "${text(what)}" is neither backup nor move`);
    }
  },
});
