import type { ApiTokenRecord } from "#core/ports/web.ts";

export const anApiToken = (over: Partial<ApiTokenRecord> = {}): ApiTokenRecord => ({
  id: "t",
  hash: "",
  purpose: "api",
  name: "t",
  repositories: [],
  environments: [],
  createdBy: "t",
  createdById: null,
  createdAt: 0,
  expiresAt: 0,
  revokedAt: null,
  ...over,
});
