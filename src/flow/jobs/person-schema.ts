import { z } from "zod";

/** Somebody who acted, as payloads and kept values name them. */
export const personSchema = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]),
});
