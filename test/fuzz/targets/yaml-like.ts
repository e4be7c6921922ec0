import fc from "fast-check";

/** Lines that look like YAML, with these keys among others. */
export function yamlLike(keys: readonly string[]): fc.Arbitrary<string> {
  const key = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...keys) },
    fc.string({ maxLength: 8 }),
  );
  const value = fc.oneof(
    fc.constantFrom(
      "",
      "1",
      "true",
      "~",
      "[]",
      "{}",
      "[a, b]",
      "{ a: 1 }",
      "|",
      ">-",
      "&a",
      "*a",
      "'x'",
      '"\\u0000"',
      "!!js x",
      "2026-01-01",
      "0x10",
      "1e400",
      ".inf",
      "# c",
    ),
    fc.json({ maxDepth: 3 }),
    fc.string({ maxLength: 20 }),
  );
  const line = fc
    .tuple(fc.nat(6), fc.constantFrom("", "- ", "- - ", "? "), key, value)
    .map(([indent, dash, name, text]) => `${"  ".repeat(indent)}${dash}${name}: ${text}`);
  return fc.array(line, { maxLength: 40 }).map((lines) => `version: 1\n${lines.join("\n")}\n`);
}
