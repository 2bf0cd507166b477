/** Whether somebody in this state has taken the invitation. */
export function hasAccepted(state: string | null | undefined): boolean {
  return state === 'ACCEPTED' || state === 'INSTALLED';
}
