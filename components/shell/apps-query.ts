/** All apps by name, for the switcher, the palette and the names of apps in lists. */
export const APPS_QUERY = 'sort=name&limit=200';
