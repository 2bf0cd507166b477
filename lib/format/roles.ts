/** What people may do here, in words. */
export const ROLES = { viewer: 'Viewer', triager: 'Triager', manager: 'Manager', admin: 'Admin' } as const;
