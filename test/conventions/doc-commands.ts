import { existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { z } from "zod";
import { checkRequest } from "../../packages/github-simulator/test/conformance/openapi.ts";
import { gateQuestion } from "#core/outside/question.ts";
import { read, root } from "./repository.ts";

/** One command of a shell line: what is set for it, and its words. */
interface Line {
  readonly set: readonly string[];
  readonly words: readonly string[];
}

/** What a command may refer to beside the repository: files that the page tells to write, by name. */
export type Written = ReadonlyMap<string, string>;

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));
const settings = new Set(
  [...read(".env.example").matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name),
);
/** The one that our own compose file asks for. */
const composeSettings = new Set(
  [...read("compose.yaml").matchAll(/\$\{([A-Z_]+)[:}]/g)].map(([, name]) => name),
);

/** The words of a shell's line; quotes keep blanks. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_all, double: string | undefined, single) =>
      double === undefined ? String(single) : double,
    ),
  );

/** The commands of a block, without remarks. */
export const linesOf = (block: string): readonly Line[] =>
  block
    .split("\n")
    .flatMap((line) => line.replace(/\s+#.*$/, "").split(/ (?:&&|\|) /))
    .map((line) => wordsOf(line.trim()))
    .filter((words) => words.length > 0)
    .map((words) => {
      const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word) && word !== "sudo");
      return {
        set: words.slice(0, first).filter((word) => word !== "sudo"),
        words: words.slice(first),
      };
    });

const isThere = (path: string): boolean => existsSync(join(root, path));

/** Files of ours among the words: what begins with a folder of the repository has to be there. */
const missingFiles = (words: readonly string[]): readonly string[] =>
  words
    .filter((word) => /^(?:\.\/)?(?:deploy|docs|policies|scripts|src|test|action)\//.test(word))
    .filter((word) => !isThere(word) && !/no-todo/.test(word))
    .map((word) => `${word} is not there`);

const option = (words: readonly string[], name: string): string | undefined =>
  words.includes(name) ? words[words.indexOf(name) + 1] : undefined;

const field = (text: string): readonly [string, unknown] => {
  const [name = "", value = ""] = text.split(/=(.*)/s);
  return [name, /^\d+$/.test(value) ? Number(value) : value];
};

/** `gh api`: the operation is GitHub's, and so is what is sent. */
function asksGitHub(words: readonly string[], written: Written): readonly string[] {
  const [path = ""] = words.slice(2).filter((word, index, rest) => {
    const before = rest[index - 1] ?? "";
    return !word.startsWith("-") && !/^(?:--hostname|--method|--input|-F|-f)$/.test(before);
  });
  const method = option(words, "--method") ?? "GET";
  const input = option(words, "--input");
  const fields = words.flatMap((word, index) =>
    words[index - 1] === "-F" || words[index - 1] === "-f" ? [field(word)] : [],
  );
  if (input !== undefined && !written.has(input)) return [`the page does not give ${input}`];
  const body: unknown =
    input !== undefined
      ? JSON.parse(written.get(input) ?? "")
      : fields.length > 0
        ? Object.fromEntries(fields)
        : undefined;
  return checkRequest({ method, url: `/${path}`, ...(body === undefined ? {} : { body }) });
}

function curls(words: readonly string[]): readonly string[] {
  const url = words.find((word) => /\/api\//.test(word));
  const body = option(words, "-d");
  if (url === undefined || !/\$GATEHOUSE_URL\/api\/v1\/gate(?:\?wait=\d+)?$/.test(url))
    return [`${url ?? "no address"} is none of the gate's`];
  const sent = z.looseObject({ sha: z.string() }).parse(JSON.parse(body ?? "{}"));
  const read = gateQuestion.safeParse({ ...sent, sha: "0".repeat(40) });
  return read.success ? [] : read.error.issues.map(({ message }) => message);
}

function helms(words: readonly string[]): readonly string[] {
  const chart = words.find((word) => isThere(join(word, "Chart.yaml")));
  if (words[1] !== "install" || chart === undefined) return ["installs no chart of ours"];
  const values = parse(read(join(chart, "values.yaml"))) as Record<string, unknown>;
  for (const [index, word] of words.entries()) {
    if (words[index - 1] !== "--set") continue;
    const [path, value] = field(word);
    const [key = "", inner] = path.split(".");
    const held = values[key];
    values[key] =
      inner === undefined
        ? value
        : { ...(typeof held === "object" ? held : {}), [inner]: String(value) };
  }
  const takes = new Ajv({ strict: true }).compile(
    JSON.parse(read(join(chart, "values.schema.json"))) as object,
  );
  return takes(values) ? [] : [JSON.stringify(takes.errors)];
}

const npms = (words: readonly string[]): readonly string[] => {
  const [, verb = "", name = ""] = words;
  const script = verb === "run" ? name : ["ci", "install"].includes(verb) ? null : verb;
  return script === null || scripts[script] !== undefined ? [] : [`no script ${script}`];
};

const fine = (): readonly string[] => [];

/** What is looked at of each program that a document names; one that is not here is not documented. */
const programs: Readonly<
  Record<string, (words: readonly string[], written: Written) => readonly string[]>
> = {
  npm: npms,
  // Commander reads these in printed-commands.test.ts.
  npx: (words) =>
    words[1] === "--no" && words[3] === "gatehouse" ? [] : ["is not npx --no -- gatehouse"],
  gh: (words, written) => (words[1] === "api" ? asksGitHub(words, written) : []),
  curl: curls,
  helm: helms,
  kubectl: (words) => (words[1] === "create" ? [] : ["only creates"]),
  docker: (words) =>
    words[1] === "build" && !isThere("Dockerfile")
      ? ["there is no Dockerfile"]
      : words[1] === "compose" && !isThere("compose.yaml")
        ? ["there is no compose.yaml"]
        : [],
  cp: fine,
  // These are run as they stand in test/e2e/postgres-point-in-time.test.ts.
  echo: fine,
  touch: fine,
  pg_basebackup: fine,
  pg_ctl: fine,
  install: fine,
  systemctl: (words) =>
    isThere(`deploy/systemd/${words.at(-1) ?? ""}.service`) ? [] : ["there is no such unit"],
  export: (words) =>
    words
      .slice(1)
      .map((word) => word.split("=", 1)[0] ?? "")
      .filter((name) => !settings.has(name) && !composeSettings.has(name))
      .map((name) => `nothing reads ${name}`),
};

/** What is wrong with a command; empty when nothing. */
export function wrongWith({ set, words }: Line, written: Written): readonly string[] {
  const known = programs[words[0] ?? ""];
  const unread = set
    .map((word) => word.split("=", 1)[0] ?? "")
    .filter((name) => !settings.has(name) && name !== "NODE_EXTRA_CA_CERTS");
  return [
    ...unread.map((name) => `nothing reads ${name}`),
    ...missingFiles(words),
    ...(known === undefined ? [`${words[0] ?? ""} is not looked at`] : known(words, written)),
  ];
}
