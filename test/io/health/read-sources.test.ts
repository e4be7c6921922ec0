import { describe, expect, it } from "vitest";
import { readSettings } from "../../../src/env.ts";
import { readSources } from "#io/health/read-sources.ts";

const variables: Readonly<Record<string, string>> = {
  TOKEN: "t0ken",
  USER_NAME: "ada",
  PASSWORD: "pass word",
  TENANT: "acme",
  KEY: "k",
  APP: "a",
};
const read = (text: string) => readSources(text, (name) => variables[name]);

describe("the file of health sources", () => {
  it("names sources of three types, and secrets by the variables that hold them", () => {
    const text = `
metrics:
  type: prometheus
  url: https://prometheus.example.com/prom/
  token: TOKEN
  headers: { X-Scope-OrgID: { env: TENANT }, X-Plain: yes-please }
  lookback: 2m
  repositories: ["acme/*"]
basic: { type: prometheus, url: "http://vm:8428", user: USER_NAME, password: PASSWORD }
dd: { type: datadog, site: datadoghq.eu, api_key: KEY, application_key: APP }
page: { type: json, url: "https://status.example.com/health.json?v=1" }
`;
    const found = read(text);
    if (!found.ok) throw new Error(found.problem);
    expect(found.sources).toEqual([
      {
        name: "metrics",
        type: "prometheus",
        url: "https://prometheus.example.com/prom",
        headers: {
          "X-Scope-OrgID": "acme",
          "X-Plain": "yes-please",
          authorization: "Bearer t0ken",
        },
        lookbackMs: 120_000,
        repositories: ["acme/*"],
        secrets: ["t0ken", "acme"],
      },
      expect.objectContaining({
        name: "basic",
        headers: { authorization: "Basic YWRhOnBhc3Mgd29yZA==" },
        secrets: ["pass word", "YWRhOnBhc3Mgd29yZA=="],
      }),
      expect.objectContaining({
        name: "dd",
        url: "https://api.datadoghq.eu",
        headers: { "dd-api-key": "k", "dd-application-key": "a" },
      }),
      expect.objectContaining({
        name: "page",
        url: "https://status.example.com/health.json?v=1",
        secrets: [],
      }),
    ]);
    expect(read("")).toEqual({ ok: true, sources: [] });
  });

  const plain = "type: prometheus, url: https://p.example";
  it.each([
    ["a: { type: prometheus }", /1:1: a: "url" is missing/],
    ["a: { type: graphite, url: https://x.example }", /1:12: a\.type/],
    ["a: { type: prometheus, url: p.example }", /1:29: a\.url: not an http or https address/],
    ["a: { type: prometheus, url: https://me:pw@p.example }", /without a user/],
    ["a: { type: prometheus, url: https://p.example/?x=1 }", /without a query/],
    ["a: { type: json, url: file:///etc/passwd }", /not an http or https address/],
    [`a: { ${plain}, token: NOWHERE }`, /a\.token: the environment variable NOWHERE is not set/],
    [`a: { ${plain}, token: "a secret" }`, /not the name of an environment variable/],
    [`a: { ${plain}, user: USER_NAME }`, /user and password are given together/],
    [`a: { ${plain}, user: USER_NAME, password: PASSWORD, token: TOKEN }`, /either token, or/],
    [`a: { ${plain}, headers: { "X Y": z } }`, /not the name of a header/],
    [`a: { ${plain}, headers: { X: "a\\nb" } }`, /not the value of a header/],
    [`a: { ${plain}, headers: { X: { env: NOWHERE } } }`, /NOWHERE is not set/],
    [`a: { ${plain}, lookback: soon }`, /not a duration/],
    [`a: { ${plain}, repositories: [shop] }`, /write owner\/name/],
    [`a: { ${plain}, repositories: ["acme/[x"] }`, /a\.repositories\[0\]/],
    [`a: { ${plain}, tokn: TOKEN }`, /unknown key "tokn"; did you mean "token"/],
    ["a: { type: datadog, site: datadoghq.eu, api_key: KEY }", /"application_key" is missing/],
    ["a: { type: json, url: https://x.example, lookback: 1m }", /unknown key "lookback"/],
    [`"a/b": { ${plain} }`, /a source's name is of/],
    ["- a", /expected/],
    ["a: [", /1:\d+: /],
  ])("%s is refused at its place", (text, problem) => {
    const found = read(text);
    expect(found).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
    expect(JSON.stringify(found)).not.toMatch(/t0ken|pass word/);
  });

  it("is named by a setting, whose trouble names file and line", () => {
    expect(readSettings({}).healthSources).toEqual([]);
    expect(() => readSettings({ HEALTH_SOURCES: "/nowhere/health.yml" })).toThrow(
      /HEALTH_SOURCES: \/nowhere\/health\.yml cannot be read/,
    );
    expect(() => readSettings({ HEALTH_SOURCES: "package.json" })).toThrow(
      /HEALTH_SOURCES: package\.json:\d+:\d+: /,
    );
  });
});
