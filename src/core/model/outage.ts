/** An API of GitHub's that had no proper answer to many of the last requests. `since`: epoch ms. */
export interface ApiOutage {
  readonly api: "rest" | "graphql";
  readonly since: number;
  readonly failed: number;
  readonly of: number;
}
