import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** A theme's tokens by name, as Primer publishes them. */
function themeOf(name: "light" | "dark"): ReadonlyMap<string, string> {
  const path = require.resolve(`@primer/primitives/dist/css/functional/themes/${name}.css`);
  const text = readFileSync(path, "utf8");
  const first = text.slice(text.indexOf("{") + 1, text.indexOf("\n}"));
  return new Map(
    [...first.matchAll(/^\s*(--[\w-]+):\s*([^;]+);/gm)].map(([, token = "", value = ""]) => [
      token,
      value,
    ]),
  );
}

const namesIn = (css: string): readonly string[] =>
  [...css.matchAll(/var\((--[\w-]+)/g)].map(([, name = ""]) => name);

/** The tokens that a style sheet uses, and those that these stand on. */
function used(css: string, theme: ReadonlyMap<string, string>): string {
  const wanted = new Set(namesIn(css));
  for (const name of wanted) for (const other of namesIn(theme.get(name) ?? "")) wanted.add(other);
  return [...wanted]
    .flatMap((name) => {
      const value = theme.get(name);
      return value === undefined ? [] : [`${name}:${value}`];
    })
    .join(";");
}

/** The style sheet with Primer's tokens before it: light, and dark where the reader's system is. */
export const withTokens = (css: string): string =>
  `:root{color-scheme:light dark;${used(css, themeOf("light"))}}` +
  `@media(prefers-color-scheme:dark){:root{${used(css, themeOf("dark"))}}}${css}`;
