import type { Installation, Token } from "../world/people.ts";
import type { World } from "../world/world.ts";
import type { Reply } from "./reply.ts";

/** Who calls: the App itself (JWT), one of its installations, a person, or nobody. */
export type Caller =
  | { readonly kind: "app"; readonly appId: number }
  | { readonly kind: "installation"; readonly token: Token; readonly installation: Installation }
  | { readonly kind: "user"; readonly userId: number }
  | { readonly kind: "anonymous" };

/** One REST request on its way to a handler. `body` is hostile: nothing about its shape is known. */
export interface Call {
  readonly world: World;
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly accept: string;
}

/** `permission` is `name:level`; a list means any of them will do. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly permission?: string | readonly string[];
  readonly handle: (call: Call) => Reply;
}

export function text(call: Call, name: string): string | undefined {
  const value = call.body[name];
  return typeof value === "string" ? value : undefined;
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

export function numberParam(call: Call, name: string): number {
  const value = Number(call.params[name]);
  return Number.isSafeInteger(value) ? value : -1;
}
