import type { DeploymentSubject } from "#core/model/subject.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import { nearest } from "#core/text/nearest.ts";
import { askWhen, testsOf, whenContext } from "#core/policy/when/when.ts";

/** A placeholder deployment, to ask rules whether they apply to an environment. */
const anyDeployment = (environment: string): DeploymentSubject => ({
  kind: "deployment",
  repository: 0,
  deploymentId: 0,
  environment,
  sha: "",
  ref: "",
  runId: null,
});

/** Whether an active rule names the environment; a rule for all of them names none. */
export function isNamed(policy: EffectivePolicy, environment: string): boolean {
  const subject = anyDeployment(environment);
  return policy.rules.some((rule) => {
    if (rule.enforcement !== "active" || !rule.gates.includes("deployment") || rule.when === null)
      return false;
    if (!testsOf(rule.when).some((test) => test.name === "environments")) return false;
    return askWhen(rule.when, whenContext(rule, subject), () => undefined) !== false;
  });
}

/** Whether the policy judges deployments at all. */
export function judgesDeployments(policy: EffectivePolicy): boolean {
  return policy.rules.some(
    (rule) => rule.enforcement === "active" && rule.gates.includes("deployment"),
  );
}

/** Whether a rule may be asked at the environment's deployments as far as its `when` says. */
export const mayConcern = (
  rule: Pick<EffectiveRule, "when" | "source" | "context">,
  environment: string,
): boolean =>
  rule.when === null ||
  askWhen(rule.when, whenContext(rule, anyDeployment(environment)), () => undefined) !== false;

/** Whether an active rule may be asked at the environment's deployments, by its name or because it speaks of all. */
export const judgesEnvironment = (policy: EffectivePolicy, environment: string): boolean =>
  policy.rules.some(
    (rule) =>
      rule.enforcement === "active" &&
      rule.gates.includes("deployment") &&
      mayConcern(rule, environment),
  );

const production = ["production", "prod", "prd", "live"];

/** Letters of other alphabets that look like Latin ones, and digits that stand in for letters. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: "a",
    в: "b",
    с: "c",
    ԁ: "d",
    е: "e",
    ё: "e",
    һ: "h",
    і: "i",
    ї: "i",
    ј: "j",
    к: "k",
    ӏ: "l",
    м: "m",
    н: "h",
    о: "o",
    р: "p",
    ԛ: "q",
    г: "r",
    ѕ: "s",
    т: "t",
    υ: "u",
    ц: "u",
    ѵ: "v",
    ԝ: "w",
    х: "x",
    у: "y",
    п: "n",
    α: "a",
    ε: "e",
    ι: "i",
    κ: "k",
    ν: "v",
    ο: "o",
    ρ: "p",
    τ: "t",
    χ: "x",
    ⅰ: "i",
    ı: "i",
    ɡ: "g",
    ɑ: "a",
    ո: "n",
    օ: "o",
    ս: "u",
    "0": "o",
    "1": "i",
    "3": "e",
    "5": "s",
  }),
);

const inLatin = (text: string): string =>
  [...text].map((character) => lookAlikes.get(character) ?? character).join("");

const withoutDress = (environment: string): string =>
  environment
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\p{Cc}\u034f\u115f\u1160\u3164\uffa0]/gu, "")
    .toLowerCase();

/** A name reduced to how it looks: without invisible characters, accents and case, in Latin letters. */
export const asItLooks = (environment: string): string => inLatin(withoutDress(environment));

/** The same with digits left as they are: most number something. */
export const lettersAsTheyLook = (environment: string): string =>
  withoutDress(environment).replace(/\P{N}+/gu, inLatin);

/**
 * Whether a name looks like an environment that is judged, or like production: a job that writes `prodution` or
 * `production-eu` deploys past every rule that is meant for it (threat T40). `named`: environments that rules name.
 */
export function looksLikeProduction(environment: string, named: readonly string[]): boolean {
  const looks = asItLooks(environment);
  const words = looks.split(/[^a-z]+/u);
  if (words.some((word) => production.includes(word) || isCompound(word))) return true;
  const known = [...new Set([...named.map(asItLooks), "production"])];
  // Each part by itself too: `eu-prodution` is as near to production as `prodution`.
  return [looks, ...words.filter((word) => word.length > 4)].some(
    (part) => nearest(part, known) !== undefined,
  );
}

/** `euproduction`, `prodeu`; not `product`. */
const isCompound = (word: string): boolean =>
  word.includes("production") || /^prod(?!uct)[a-z]{0,4}$/u.test(word);

/**
 * Whether a deployment goes round rules that are meant for it: none of them names the environment, and it looks like one
 * that they name, or like production. `named`: environments of the repository that rules name.
 */
export function isLookAlike(
  policy: EffectivePolicy,
  environment: string,
  named: readonly string[],
): boolean {
  if (!judgesDeployments(policy) || isNamed(policy, environment)) return false;
  return isNamed(policy, asItLooks(environment)) || looksLikeProduction(environment, named);
}

/** Whether the policy holds a deployment because no rule names its environment. */
export function isHeldAsUngoverned(policy: EffectivePolicy, environment: string): boolean {
  return policy.holdsUngoverned && judgesDeployments(policy) && !isNamed(policy, environment);
}
