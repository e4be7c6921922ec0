import { clientOf } from "../../packages/github-simulator/src/world/user-authorization.ts";
import { BrowserLike } from "../web/browser-like.ts";
import { appId, type GatehouseOptions } from "./harness.ts";
import { peopleWorld, type PeopleWorld } from "./people-world.ts";

export const client = clientOf(appId);

export const pagesPolicy = `version: 1
rules:
  - name: reviewed
    description: Somebody else has read it.
    require: { reviews: { approvals: 1 } }
  - name: in-hours
    when: { environments: [production] }
    require: { window: [hours] }
  - name: not-frozen
    applies_to: deployment
    require: { not_frozen: true }
  - name: release-approval
    when: { environments: [production] }
    require: { approvals: { count: 1, teams: [seniors] } }
windows:
  hours:
    timezone: Europe/Berlin
    open: { days: [mon, tue, wed, thu, fri], from: "07:00", to: "17:00" }
    except: [holidays]
calendars:
  holidays:
    timezone: Europe/Berlin
    dates: ["2026-12-25"]
freezers: { teams: [seniors] }
`;

export interface PagesWorld extends PeopleWorld {
  readonly browser: () => BrowserLike;
  readonly as: (login: string) => Promise<BrowserLike>;
}

/** The people's world with sign-in switched on. */
export async function pagesWorld(
  policy = pagesPolicy,
  options: GatehouseOptions = {},
): Promise<PagesWorld> {
  const world = await peopleWorld(policy, {
    ...options,
    settings: {
      web: { publicUrl: null, trustedProxies: [], client },
      ...options.settings,
    },
  });
  const browser = (): BrowserLike => new BrowserLike(world.gatehouse.gate.url);
  return {
    ...world,
    browser,
    as: async (login) => {
      const own = browser();
      await own.signIn(login);
      return own;
    },
  };
}
