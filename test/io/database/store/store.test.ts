import { storeContract } from "./contract.ts";
import { kinds } from "./harness.ts";

for (const kind of kinds) storeContract(kind);
