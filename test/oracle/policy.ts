import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { docOf, isDoc, listOf, otherKeys, textsOf, type Doc } from "./doc.ts";
import { fileAt, isReadable, nameMatches, standsOf, type Scene } from "./scene.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";

/** What governs a repository. `doc` is the file that judges now; `trouble` says why it is not the one that stands there. */
export type Governing =
  | { readonly kind: "none" }
  | { readonly kind: "retired" }
  | { readonly kind: "never"; readonly why: string }
  /** It depends on a text that stood there so briefly that a gate need not have seen it. */
  | { readonly kind: "doubtful"; readonly why: string }
  | { readonly kind: "doc"; readonly doc: Doc; readonly isGone: boolean };

const names = [".github/gatehouse.yml", ".github/gatehouse.yaml"];
const keys =
  "version extends description enforcement commands repositories rules windows calendars freezes overrides tickets waivers freezers rollback backtest agents quarantine ungoverned_environments".split(
    " ",
  );
const ruleKeys =
  "name description applies_to enforcement when require on_fail repositories_may".split(" ");
export const requirements =
  "reviews checks coverage findings licenses commits title body branch_name labels size up_to_date ticket separate pinned_actions window not_frozen approvals promoted_from changes_gated attestation forward_only tests workflows health no_incident all any".split(
    " ",
  );

const read = new Map<string, Doc | null>();

/** A policy that the oracle would take for one; null for anything else. */
export function policyOf(text: string): Doc | null {
  const known = read.get(text);
  if (known !== undefined) return known;
  const found = readPolicy(text);
  read.set(text, found);
  return found;
}

function readPolicy(text: string): Doc | null {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return null;
  }
  if (!isDoc(value) || otherKeys(value, keys).length > 0) return null;
  if (value["version"] !== undefined && value["version"] !== 1) return null;
  const rules = listOf(value["rules"]);
  const seen = new Set<unknown>();
  for (const rule of rules) {
    if (!isDoc(rule) || otherKeys(rule, ruleKeys).length > 0) return null;
    if (typeof rule["name"] !== "string" || seen.has(rule["name"])) return null;
    seen.add(rule["name"]);
    const require = rule["require"];
    if (require === undefined && value["extends"] !== undefined) continue;
    if (require === undefined && rule["enforcement"] === "disabled") continue;
    if (!isDoc(require) || Object.keys(require).length !== 1) return null;
    if (otherKeys(require, requirements).length > 0) return null;
    if (!isSensible(require)) return null;
  }
  const isKnown = (rule: unknown): boolean => value["extends"] !== undefined || seen.has(rule);
  for (const override of listOf(value["overrides"]))
    if (!listOf(docOf(override)["rules"]).every(isKnown)) return null;
  return value;
}

/** Keys of the requirements that end-to-end policies are broken by. */
function isSensible(require: Doc): boolean {
  const known: Readonly<Record<string, readonly string[]>> = {
    reviews:
      "approvals users teams roles each code_owners stale allow_author allow_contributors block_on_changes_requested resolved_threads bots".split(
        " ",
      ),
    title: ["pattern"],
    body: ["pattern"],
    labels: ["all", "any", "none"],
  };
  return Object.entries(require).every(
    ([key, value]) =>
      known[key] === undefined || !isDoc(value) || otherKeys(value, known[key] ?? []).length === 0,
  );
}

/** The text at a commit; two files are one mistake. */
function policyText(world: World, sha: string): string | undefined {
  const found = names.flatMap((name) => fileAt(world, sha, name) ?? []);
  const isThere = names.some((name) => world.git.commits.get(sha)?.files.has(name) === true);
  if (found.length > 1) return "both: []";
  return found[0] ?? (isThere ? "unreadable: []" : undefined);
}

/** Newest first: the policy as it stood at each stand of the default branch. */
export function policyTexts(
  world: World,
  repo: Repo,
  leastMs = 0,
): readonly (string | undefined)[] {
  return standsOf(repo, leastMs).map((sha) => policyText(world, sha));
}

const briefMs = 5000;

/** What governs by the texts of a repository, and by those of them that stood for a while. */
function governedBy(
  world: World,
  repo: Repo,
  isOrg: boolean,
  more: readonly string[] = [],
): Governing {
  const [all, lasting] = [0, briefMs].map((least) =>
    governing([...policyTexts(world, repo, least), ...more], isOrg),
  );
  return all !== undefined && JSON.stringify(all) === JSON.stringify(lasting)
    ? all
    : { kind: "doubtful", why: "a policy that stood there for a moment" };
}

/** From the texts, newest first, to what judges: a broken or missing file leaves the last good one. */
export function governing(texts: readonly (string | undefined)[], isOrg = false): Governing {
  const [now] = texts;
  const last = texts
    .map((text) => (text === undefined ? null : policyOf(text)))
    .find((one) => one !== null);
  if (texts.every((text) => text === undefined)) return { kind: "none" };
  if (last === undefined) return { kind: "never", why: "the policy is broken" };
  if (last["enforcement"] === "disabled" && listOf(last["rules"]).length === 0)
    return { kind: "retired" };
  if (now === undefined && !isOrg) {
    const lastText = texts.find((text) => text !== undefined);
    if (lastText !== undefined && policyOf(lastText)?.["enforcement"] === "disabled")
      return { kind: "retired" };
    return { kind: "never", why: "the policy was there and is gone" };
  }
  return { kind: "doc", doc: last, isGone: now === undefined };
}

export const repositoryPolicy = (scene: Scene, repo: Repo): Governing =>
  governedBy(scene.world, repo, false);

/** The organisation's `.github`, where the App can read it. */
export function orgRepository(world: World, repo: Repo): Repo | undefined {
  return [...world.repos.values()].find(
    (one) => one.ownerId === repo.ownerId && one.name === ".github" && isReadable(world, one),
  );
}

export function organisationPolicy(scene: Scene, repo: Repo): Governing {
  const home = orgRepository(scene.world, repo);
  if (home?.id === repo.id) return { kind: "none" };
  const remembered = scene.orgPolicies.get(repo.ownerId) ?? [];
  const found =
    home === undefined
      ? governing(remembered, true)
      : governedBy(scene.world, home, true, remembered);
  if (found.kind !== "doc") return found;
  return selects(found.doc["repositories"], repo) ? found : { kind: "none" };
}

function selects(selector: unknown, repo: Repo): boolean {
  if (selector === undefined) return true;
  if (isDoc(selector)) {
    const named = selector["names"];
    const except = textsOf(selector["except"]);
    const properties = docOf(selector["properties"]);
    return (
      (named === undefined || textsOf(named).some((one) => nameMatches(one, repo.name))) &&
      !except.some((one) => nameMatches(one, repo.name)) &&
      Object.entries(properties).every(([key, value]) =>
        textsOf(value).some((one) => textsOf(repo.properties[key]).includes(one)),
      )
    );
  }
  return textsOf(selector).some((one) => nameMatches(one, repo.name));
}

/** A policy with its preset below it; undefined where it extends what the oracle does not read. */
export function extended(doc: Doc): Doc | undefined {
  const from = doc["extends"];
  if (from === undefined) return doc;
  const preset = /^gatehouse:([a-z]+)$/.exec(String(from))?.[1];
  if (preset === undefined) return undefined;
  const text = readFileSync(new URL(`../../policies/${preset}.yml`, import.meta.url), "utf8");
  const below = docOf(parse(text));
  const own = listOf(doc["rules"]).map(docOf);
  const merged = listOf(below["rules"])
    .map(docOf)
    .map((rule) => {
      const over = own.find((one) => one["name"] === rule["name"]);
      return over === undefined ? rule : { ...rule, ...over };
    });
  const added = own.filter(
    (one) => !listOf(below["rules"]).some((rule) => docOf(rule)["name"] === one["name"]),
  );
  return {
    ...below,
    ...doc,
    rules: [...merged, ...added],
    windows: { ...docOf(below["windows"]), ...docOf(doc["windows"]) },
    calendars: { ...docOf(below["calendars"]), ...docOf(doc["calendars"]) },
    overrides: [...listOf(doc["overrides"]), ...listOf(below["overrides"])],
  };
}
