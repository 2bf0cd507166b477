/** The parts of a group's page, as the address bar names them; read by the server too. */
export const GROUP_TABS = ['overview', 'testers', 'builds', 'link'] as const;
export type GroupTab = (typeof GROUP_TABS)[number];
