/** Every command and the other words for it. The single list of names: the parser, the help and the documents read it. */
export const commandNames = {
  help: [],
  status: [],
  explain: [],
  when: [],
  freezes: [],
  recheck: ["refresh"],
  hold: [],
  unhold: [],
  approve: [],
  reject: [],
  override: [],
  confirm: [],
  "override-cancel": [],
  emergency: [],
  reviewed: [],
  freeze: [],
  unfreeze: [],
  rollback: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CommandName = keyof typeof commandNames;
