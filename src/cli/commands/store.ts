import { resolve } from "node:path";
import { Command } from "commander";
import { parseLocation } from "#io/database/store/location.ts";
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

export const store: DefineCommand = () => ({
  command: new Command("store")
    .description("copy the embedded database while the service runs")
    .argument("<what>", "backup")
    .argument("[file]", "backup: the file to make, which must not be there yet"),
  run: ([what, file]) => {
    if (text(what) === "backup") return backup(text(file));
    throw new UnusableInput(`store: "${text(what)}" is not backup`);
  },
});
