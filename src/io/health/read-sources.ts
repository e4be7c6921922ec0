import { z } from "zod";
import { hasCredentials, webAddress } from "#core/text/address.ts";
import { parseDuration, positiveDurationSchema } from "#core/text/duration.ts";
import { problemsOf } from "#core/yaml/issues.ts";
import { parseYaml } from "#core/yaml/parse.ts";
import { problemText } from "#core/yaml/problem.ts";
import { problemAt } from "#core/yaml/source.ts";
import { globProblem } from "#core/formats/glob.ts";
import type { HealthSource } from "./source.ts";

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: "not the name of an environment variable; secrets stand in one, never in this file",
});
const isAddress = (text: string): boolean => {
  const url = webAddress(text);
  return url !== null && !hasCredentials(url) && url.hash === "";
};
const address = z.string().max(2_000).refine(isAddress, {
  error:
    "not an http or https address without a user; secrets stand in environment variables (token, user and password)",
});
const root = address.refine((text) => !text.includes("?"), {
  error: "the root of the API is meant, without a query",
});
const header = z.union([
  z
    .string()
    .max(1_000)
    .regex(/^[\t\u0020-\u007e]*$/, { error: "not the value of a header" }),
  z.strictObject({ env: variable }),
]);
const repositoryGlob = z
  .string()
  .max(200)
  .superRefine((glob, context) => {
    const problem = glob.includes("/")
      ? globProblem(glob, "name")
      : "write owner/name, or owner/* for all of an owner's";
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
const shared = {
  token: variable.optional(),
  user: variable.optional(),
  password: variable.optional(),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,100}$/, { error: "not the name of a header" }),
      header,
    )
    .optional(),
  repositories: z.array(repositoryGlob).min(1).max(200).optional(),
};
const lookback = positiveDurationSchema.optional();
const source = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("prometheus"), url: root, lookback, ...shared }),
  z.strictObject({
    type: z.literal("datadog"),
    site: z
      .string()
      .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, {
        error: "not a site of Datadog, such as datadoghq.eu",
      })
      .optional(),
    url: root.optional(),
    api_key: variable,
    application_key: variable,
    lookback,
    ...shared,
  }),
  z.strictObject({ type: z.literal("json"), url: address, ...shared }),
]);
type Written = z.output<typeof source>;
const file = z.record(
  z
    .string()
    .max(63)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: "a source's name is of letters, digits, dots, hyphens and underscores",
    }),
  source,
);

export type SourcesRead =
  | { readonly ok: true; readonly sources: readonly HealthSource[] }
  /** `LINE:COLUMN: path: what is wrong`. */
  | { readonly ok: false; readonly problem: string };

/** The sources of a file; `valueOf` looks a variable of the environment up. */
export function readSources(
  text: string,
  valueOf: (name: string) => string | undefined,
): SourcesRead {
  const parsed = parseYaml(text);
  if (!parsed.ok) return refused(parsed.problems);
  const checked = file.safeParse(parsed.source.data ?? {});
  if (!checked.success) return refused(problemsOf(checked.error.issues, parsed.source, file));
  const sources: HealthSource[] = [];
  for (const [name, written] of Object.entries(checked.data)) {
    const wrong = (key: string, message: string): SourcesRead =>
      refused([problemAt(parsed.source.positions.ofValue([name, key]), `${name}.${key}`, message)]);
    const missing = variablesOf(written).find(([, each]) => valueOf(each) === undefined);
    if (missing !== undefined)
      return wrong(missing[0], `the environment variable ${missing[1]} is not set`);
    if ((written.user === undefined) !== (written.password === undefined))
      return wrong(
        written.user === undefined ? "password" : "user",
        "user and password are given together",
      );
    if (written.user !== undefined && written.token !== undefined)
      return wrong("token", "either token, or user and password");
    sources.push(sourceOf(name, written, (each) => valueOf(each) ?? ""));
  }
  return { ok: true, sources };
}

const refused = (problems: readonly Parameters<typeof problemText>[0][]): SourcesRead => ({
  ok: false,
  problem: problems[0] === undefined ? "it cannot be read" : problemText(problems[0]),
});

/** Which variables it names, by the key that does. */
function variablesOf(written: Written): readonly (readonly [string, string])[] {
  const own = (["token", "user", "password"] as const).flatMap((key) =>
    written[key] === undefined ? [] : [[key, written[key]] as const],
  );
  const keys =
    written.type === "datadog"
      ? [
          ["api_key", written.api_key] as const,
          ["application_key", written.application_key] as const,
        ]
      : [];
  const headers = Object.values(written.headers ?? {}).flatMap((value) =>
    typeof value === "string" ? [] : [["headers", value.env] as const],
  );
  return [...own, ...keys, ...headers];
}

function sourceOf(
  name: string,
  written: Written,
  valueOf: (variable: string) => string,
): HealthSource {
  const { token, user, password, headers = {} } = written;
  const basic = `${user === undefined ? "" : valueOf(user)}:${password === undefined ? "" : valueOf(password)}`;
  const encoded = Buffer.from(basic).toString("base64");
  return {
    name,
    type: written.type,
    url: (written.type === "datadog"
      ? (written.url ?? `https://api.${written.site ?? "datadoghq.com"}`)
      : written.url
    ).replace(written.type === "json" ? /$^/ : /\/+$/, ""),
    headers: {
      ...Object.fromEntries(
        Object.entries(headers).map(([key, value]) => [
          key,
          typeof value === "string" ? value : valueOf(value.env),
        ]),
      ),
      ...(token === undefined ? {} : { authorization: `Bearer ${valueOf(token)}` }),
      ...(user === undefined ? {} : { authorization: `Basic ${encoded}` }),
      ...(written.type === "datadog"
        ? {
            "dd-api-key": valueOf(written.api_key),
            "dd-application-key": valueOf(written.application_key),
          }
        : {}),
    },
    lookbackMs:
      written.type === "json" || written.lookback === undefined
        ? undefined
        : parseDuration(written.lookback),
    repositories: written.repositories,
    secrets: [
      ...variablesOf(written).flatMap(([key, each]) => (key === "user" ? [] : [valueOf(each)])),
      ...(user === undefined ? [] : [encoded]),
    ],
  };
}
