/** Whether a key press belongs to something being typed in, or to an open dialog or menu. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.defaultPrevented || event.isComposing || !(target instanceof HTMLElement)) return true;
  if (target.isContentEditable || target.closest('[role="dialog"],[role="alertdialog"],[role="menu"]'))
    return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
