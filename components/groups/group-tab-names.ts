/** The parts of a group's page, as the address bar names them; read by the server too. */
export const GROUP_TABS = ['overview', 'testers', 'builds', 'link'] as const;
export type GroupTab = (typeof GROUP_TABS)[number];

/** The parts a group has: nobody comes to an internal group by a public link. */
export function tabsOf(isInternal: boolean): readonly GroupTab[] {
  return isInternal ? GROUP_TABS.filter((tab) => tab !== 'link') : GROUP_TABS;
}
