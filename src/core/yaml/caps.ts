/** How much of a hostile YAML text is read at all (threat T18). */
export interface Caps {
  readonly bytes: number;
  /** Lexical tokens: what the parser's time grows with. */
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  /** Values after aliases are written out. */
  readonly values: number;
  /** Characters of one scalar. */
  readonly scalar: number;
  /** Whether U+FFFD may stand in it, which is what bytes that are not UTF-8 become. */
  readonly replacements: boolean;
}

export const policyCaps: Caps = {
  bytes: 262_144,
  tokens: 20_000,
  depth: 24,
  aliases: 64,
  values: 10_000,
  scalar: 4_096,
  replacements: false,
};

/** Facts in plain words: 3,000 files and 1,000 checks must fit. */
export const factsCaps: Caps = {
  bytes: 4_194_304,
  tokens: 400_000,
  depth: 24,
  aliases: 1_000,
  values: 200_000,
  scalar: 262_144,
  replacements: true,
};

/** Policy tests: many cases, each a small table of facts. */
export const policyTestCaps: Caps = {
  bytes: 1_048_576,
  tokens: 100_000,
  depth: 32,
  aliases: 1_000,
  values: 50_000,
  scalar: 65_536,
  replacements: true,
};
