import type { PushSeen } from "#core/model/push.ts";

export interface Pushes {
  /** Entered once, however often it is delivered. */
  readonly add: (repository: number, push: PushSeen) => Promise<void>;
  /** `after`: only those that left the ref at this commit. */
  readonly ofRef: (repository: number, ref: string, after?: string) => Promise<readonly PushSeen[]>;
}
