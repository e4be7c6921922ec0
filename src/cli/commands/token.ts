import { Command } from "commander";
import { parseDuration } from "#core/text/duration.ts";
import { instant } from "#core/text/time.ts";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import { makeToken } from "#flow/sign-in/api-tokens.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import { settingsHere, withRecords, withStore } from "../store.ts";
import { text, texts, type DefineCommand } from "./command.ts";

const longestMs = 366 * 24 * 3_600_000;

function scopeOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  const repositories = texts(options["repository"]);
  const wrong = repositories.find(
    (name) => !/^[A-Za-z0-9][A-Za-z0-9_-]*\/([\w.-]+|\*)$/.test(name),
  );
  if (repositories.length === 0)
    throw new UnusableInput(
      "--repository: name at least one as owner/name, or owner/* for all of an owner's",
    );
  if (wrong !== undefined)
    throw new UnusableInput(`--repository ${wrong}: write it as owner/name or owner/*`);
  return repositories;
}

function environmentsOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  const environments = texts(options["environment"]);
  // A variable of a script that is not set, mostly: neither all of them nor none is what was meant.
  if (environments.some((name) => name.trim() === ""))
    throw new UnusableInput(
      "--environment: name each environment; leave the option out for a token for all of them",
    );
  return environments;
}

function lifeOf(written: string): number {
  const ms = parseDuration(written);
  if (ms === undefined || ms <= 0 || ms > longestMs)
    throw new UnusableInput(`--expires ${written}: write a time up to 366d, such as 90d or 12h`);
  return ms;
}

async function create(options: Readonly<Record<string, unknown>>): Promise<Answer> {
  const name = text(options["name"]).trim();
  if (!/^[^\0-\x1f\x7f]{1,100}$/.test(name))
    throw new UnusableInput("--name: say what the token is for, such as deploy-bot");
  const wish = {
    purpose: "api" as const,
    name,
    repositories: scopeOf(options),
    environments: environmentsOf(options),
    createdBy: "command line",
    lastsMs: lifeOf(text(options["expires"])),
  };
  const { token, record } = await withStore(settingsHere(), (store) =>
    makeToken(store.tokens, { now: Date.now }, wish),
  );
  return {
    json: { token, ...shown(record) },
    text: `${token}\n\nShown this once; only its hash is kept. It is ${record.id}, good until ${instant(record.expiresAt)}.`,
    exitCode: 0,
  };
}

const shown = (record: ApiTokenRecord) => ({
  id: record.id,
  purpose: record.purpose,
  name: record.name,
  repositories: record.repositories,
  environments: record.environments,
  created_by: record.createdBy,
  created_at: new Date(record.createdAt).toISOString(),
  expires_at: new Date(record.expiresAt).toISOString(),
  revoked_at: record.revokedAt === null ? null : new Date(record.revokedAt).toISOString(),
});

async function list(): Promise<Answer> {
  const records = await withRecords(settingsHere(), (store) => store.tokens.list());
  const now = Date.now();
  const stateOf = ({ revokedAt, expiresAt }: ApiTokenRecord): string =>
    revokedAt !== null
      ? `revoked ${instant(revokedAt)}`
      : expiresAt <= now
        ? `ran out ${instant(expiresAt)}`
        : `until ${instant(expiresAt)}`;
  const lines = records.map(
    (record) =>
      `${record.id}  ${record.purpose}  ${stateOf(record)}  ${record.name}  ${record.repositories.join(", ")}${record.environments.length === 0 ? "" : `  ${record.environments.join(", ")}`}`,
  );
  return {
    json: records.map(shown),
    text: lines.length === 0 ? "there are no tokens" : lines.join("\n"),
    exitCode: 0,
  };
}

async function revoke(id: string): Promise<Answer> {
  if (id === "")
    throw new UnusableInput("token revoke: name the token's id, as token list shows it");
  const isRevoked = await withStore(settingsHere(), (store) => store.tokens.revoke(id, Date.now()));
  return isRevoked
    ? { json: { revoked: id }, text: `${id} opens nothing any more`, exitCode: 0 }
    : {
        json: { revoked: null },
        text: `${id}: there is no such token, or it was revoked before`,
        exitCode: 1,
      };
}

export const token: DefineCommand = () => ({
  command: new Command("token")
    .description("tokens for the API: create, list, revoke")
    .argument("<action>", "create, list or revoke")
    .argument("[id]", "which token to revoke")
    .option("--name <name>", "what it is for")
    .option("--repository <names...>", "owner/name, or owner/*: what it may read and ask about")
    .option("--environment <names...>", "only these environments; left out: all, and pull requests")
    .option("--expires <time>", "how long it is good", "90d"),
  run: ([action, id], options) => {
    switch (action) {
      case "create":
        return create(options);
      case "list":
        return list();
      case "revoke":
        return revoke(text(id));
      default:
        throw new UnusableInput(`token ${text(action)}: there are create, list and revoke`);
    }
  },
});
