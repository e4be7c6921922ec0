import type { EffectivePolicy } from "#core/policy/effective.ts";
import { testsOf } from "#core/policy/when/when.ts";
import { distance } from "#core/text/nearest.ts";
import { asItLooks, isNamed, judgesDeployments, lettersAsTheyLook } from "./governed.ts";

/** A name in the policy; `begins`: the pattern goes on after it, so that more words may follow. */
interface PolicyName {
  readonly name: string;
  readonly begins: boolean;
}

/** Environments that active rules name, as far as a pattern is a name or begins with one. */
function namesIn(policy: EffectivePolicy): readonly PolicyName[] {
  const patterns = policy.rules.flatMap((rule) =>
    rule.enforcement === "active" && rule.gates.includes("deployment") && rule.when !== null
      ? testsOf(rule.when).flatMap(({ environments }) => environments)
      : [],
  );
  return patterns
    .map((pattern) => {
      const name = pattern.replace(/[-_.\s/]?\*+$/u, "");
      return { name, begins: name !== pattern };
    })
    .filter(({ name }) => name.length > 2 && !/[*?[\]{}!]/u.test(name));
}

const separator = /[-_./\s]/u;

/** The beginning of the environment's name with as many words as the pattern's fixed part has. */
const likeIn = (environment: string, { name, begins }: PolicyName): string => {
  if (!begins) return environment;
  const count = name.split(separator).length;
  return (
    new RegExp(`^(?:[^-_./\\s]*[-_./\\s]){${count - 1}}[^-_./\\s]*`, "u").exec(environment)?.[0] ??
    ""
  );
};

/** `1`, `1a`: what counts places, and is meant as it stands. */
const isNumber = (word: string): boolean => /^\p{N}+\p{L}?$/u.test(word);
const digitsOf = (name: string): string => name.replace(/\P{N}/gu, "");

/**
 * Whether one name is the other with one slip of the fingers. Another number is another environment (`eu1`, `us-east-1a`),
 * and so is another word, however short.
 */
function isOneSlip(a: string, b: string): boolean {
  if (distance(a, b) !== 1 || digitsOf(a) !== digitsOf(b)) return false;
  const [as, bs] = [a.split(separator), b.split(separator)];
  const others = [
    ...as.filter((word) => !bs.includes(word)),
    ...bs.filter((word) => !as.includes(word)),
  ];
  if (others.some(isNumber)) return false;
  return others.length === 0 || as.length !== bs.length || others.some((word) => word.length > 1);
}

/**
 * The environment that was meant by a name that no rule knows: it looks the same, or one slip is between them; null: it is
 * like none. Told from the policy alone, so it is a slip only where nothing else knows the name.
 */
export function meantBy(policy: EffectivePolicy, environment: string): string | null {
  if (!judgesDeployments(policy) || isNamed(policy, environment)) return null;
  const looks = [lettersAsTheyLook(environment), asItLooks(environment)];
  const shown = looks.find((look) => isNamed(policy, look));
  if (shown !== undefined) return shown;
  const plain = lettersAsTheyLook(environment);
  return (
    namesIn(policy).find((named) => {
      const name = lettersAsTheyLook(named.name);
      const like = likeIn(plain, named);
      return like === name || isOneSlip(like, name);
    })?.name ?? null
  );
}
