declare module "spdx-expression-parse" {
  /** A licence with its `+` and exception, or two expressions joined. References are `LicenseRef-…` in `license`. */
  type SpdxNode =
    | {
        readonly license: string;
        readonly plus?: true;
        readonly exception?: string;
        readonly conjunction?: undefined;
      }
    | { readonly conjunction: "and" | "or"; readonly left: SpdxNode; readonly right: SpdxNode };
  /** Throws on anything that is not an expression of known ids. */
  function parse(source: string): SpdxNode;
  export = parse;
}

declare module "spdx-satisfies" {
  /** Whether an expression is satisfied by single licences; throws on what cannot be parsed. */
  function satisfies(expression: string, licenses: string[]): boolean;
  export = satisfies;
}
