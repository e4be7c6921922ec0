import { describe, expect, it } from "vitest";
import { read, trackedFiles } from "./repository.ts";

/** Written in parts, so that this file does not hold what it looks for. */
const hosts = [
  ["npmjs", "org"],
  ["npmjs", "com"],
  ["yarnpkg", "com"],
  ["pypi", "org"],
  ["pythonhosted", "org"],
  ["crates", "io"],
  ["rubygems", "org"],
  ["proxy", "golang", "org"],
  ["ghcr", "io"],
  ["docker", "io"],
].map((parts) => new RegExp(`\\b${parts.join("\\.")}\\b`, "i"));
const machinePaths = [
  ["work", "main"],
  ["work", "shared"],
  ["root", ""],
  ["Users", ""],
].map((parts) => new RegExp(`(?<![\\w.])/${parts.join("/")}`));

const isText = (path: string): boolean => !/\.(?:zip|gz|png|jpe?g|ico|db|woff2?)$/.test(path);
const texts = trackedFiles()
  .filter(isText)
  .map((path) => [path, read(path)] as const);

const holding = (patterns: readonly RegExp[]): readonly string[] =>
  texts.flatMap(([path, text]) =>
    patterns.flatMap((pattern) => (pattern.test(text) ? [`${path}: ${pattern.source}`] : [])),
  );

describe("tracked files", () => {
  it("are found", () => {
    expect(texts.length).toBeGreaterThan(50);
  });

  it("name no host of a package registry", () => {
    expect(holding(hosts)).toEqual([]);
  });

  it("hold no path of somebody's machine", () => {
    expect(holding(machinePaths)).toEqual([]);
  });

  it("reach for nothing beside the clone: the corpus is found by GATEHOUSE_CORPUS", () => {
    const beside = ["corpus", "design"].map(
      (folder) => new RegExp(`${["..", "shared"].join("/")}/${folder}`),
    );
    expect(holding(beside)).toEqual([expect.stringMatching(/^\.ci\/run: /)]);
  });

  it("hold no key and no token", () => {
    const secrets = [
      /-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----\\?n?[A-Za-z0-9+/=\\\n]{200}/,
      /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
    ];
    expect(holding(secrets)).toEqual([]);
  });

  it("leave nothing for later", () => {
    const marks = [
      ["TO", "DO"],
      ["FIX", "ME"],
    ].map((parts) => new RegExp(`\\b${parts.join("")}\\b`));
    const sources = texts.filter(([path]) => /^(?:src|scripts|bench)\//.test(path));
    expect(
      sources.filter(([, text]) => marks.some((mark) => mark.test(text))).map(([path]) => path),
    ).toEqual([]);
  });
});
