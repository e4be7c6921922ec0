import { ok, type Reply } from "../http/reply.ts";
import type { Call } from "../http/call.ts";

export async function executeGraphql(call: Call): Promise<Reply> {
  return ok({ data: null, errors: [{ message: `not yet ${call.path}` }] });
}
