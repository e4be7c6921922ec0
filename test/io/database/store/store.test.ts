import { describe } from "vitest";
import { withPostgres } from "../../../support/postgres.ts";
import { storeContract } from "./contract.ts";
import { kinds, postgresKind } from "./harness.ts";

for (const kind of kinds) storeContract(kind);

describe("with a server", () => {
  withPostgres((server) => storeContract(postgresKind(server)));
});
