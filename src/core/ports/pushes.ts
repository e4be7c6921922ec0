import type { PushSeen } from "#core/model/push.ts";

export interface Pushes {
  /** Entered once, however often it is delivered. */
  readonly add: (repository: number, push: PushSeen) => Promise<void>;
  readonly ofRef: (repository: number, ref: string) => Promise<readonly PushSeen[]>;
}
