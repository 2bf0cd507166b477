import { computeAccessibleName, getRole, isInaccessible } from 'dom-accessibility-api';

/** What stands on a page, by its role and its name as a screen reader has them. */
export interface Wanted {
  readonly role: string;
  /** The whole name, or a pattern of it. */
  readonly name?: string | { readonly source: string; readonly flags: string };
  /** Only inside the first of these. */
  readonly within?: Wanted;
}

export interface Seen {
  readonly name: string;
  readonly text: string;
  readonly value: string;
  readonly isFocused: boolean;
  readonly isChecked: boolean;
  readonly isDisabled: boolean;
}

/** Survives going to another page, as a list in the page's own memory would not. */
const COMPLAINTS = 'smoke-complaints';

function elements({ role, name, within }: Wanted): Element[] {
  const root = within ? elements(within)[0] : document.body;
  if (!root) return [];
  return [...root.querySelectorAll('*')].filter(
    (one) => getRole(one) === role && !isInaccessible(one) && isNamed(one, name),
  );
}

function isNamed(one: Element, name: Wanted['name']): boolean {
  if (name === undefined) return true;
  const own = nameOf(one);
  return typeof name === 'string' ? own === name : new RegExp(name.source, name.flags).test(own);
}

const plain = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim();
const nameOf = (one: Element) => plain(computeAccessibleName(one));

/** All that are on the page, in its order. */
export function seen(wanted: Wanted): Seen[] {
  return elements(wanted).map((one) => ({
    name: nameOf(one),
    text: plain(one.textContent),
    value: 'value' in one ? String(one.value) : '',
    isFocused: one === document.activeElement,
    isChecked: ('checked' in one && one.checked === true) || one.getAttribute('aria-checked') === 'true',
    isDisabled: one.matches(':disabled,[aria-disabled=true]'),
  }));
}

/**
 * Where to press the first of them, once it has been scrolled into sight; a reason where it cannot be pressed now. What
 * React has not taken over yet would be pressed for nothing.
 */
export function place(wanted: Wanted): { x: number; y: number } | { why: string } {
  const [one] = elements(wanted);
  if (!one) return { why: 'it is not there' };
  if (!isTakenOver(one)) return { why: 'its script has not come' };
  if (one.matches(':disabled')) return { why: 'it is disabled' };
  const before = one.getBoundingClientRect();
  if (before.top < 0 || before.bottom > window.innerHeight) one.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = one.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const hit = document.elementFromPoint(x, y);
  if (hit && (one.contains(hit) || hit.contains(one) || hit.closest('label')?.contains(one))) return { x, y };
  return { why: `it is covered by ${hit?.outerHTML.slice(0, 160) ?? 'nothing of the page'}` };
}

const isTakenOver = (one: Element) => Object.keys(one).some((key) => key.startsWith('__reactProps$'));

/** Whether all that can be pressed on the page answers. */
export const isReady = (): boolean =>
  document.readyState === 'complete' && [...document.querySelectorAll('body button')].every(isTakenOver);

/** What went wrong since it was last asked: errors of the console, scripts that broke, what the policy refused. */
export function takeComplaints(): string[] {
  const all = JSON.parse(sessionStorage.getItem(COMPLAINTS) ?? '[]') as string[];
  sessionStorage.removeItem(COMPLAINTS);
  return all;
}

function complain(text: string): void {
  const all = JSON.parse(sessionStorage.getItem(COMPLAINTS) ?? '[]') as string[];
  sessionStorage.setItem(COMPLAINTS, JSON.stringify([...all, `${location.pathname}: ${text}`]));
}

function listenToComplaints(): void {
  const { error } = console;
  console.error = (...said: unknown[]) => {
    complain(said.map(String).join(' '));
    error.apply(console, said);
  };
  window.addEventListener('error', ({ message }) => complain(message));
  window.addEventListener('unhandledrejection', ({ reason }) => complain(`not caught: ${String(reason)}`));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    complain(`the policy refused ${violatedDirective} ${blockedURI}`),
  );
}

/** What was refused before anybody listened; Safari keeps it, Firefox is listened to from the first line on. */
function hearEarlierRefusals(): void {
  if (typeof ReportingObserver === 'undefined') return;
  const take = (reports: Report[]) => {
    for (const { body } of reports) complain(`the policy refused ${JSON.stringify(body)}`);
  };
  new ReportingObserver(take, { types: ['csp-violation'], buffered: true }).observe();
}

const CONTROLS =
  'button,a[href],summary,select,input:is([type=checkbox],[type=radio],[type=button],[type=submit])';

/**
 * Safari on a Mac does not give the focus to a button, box or link that is pressed, but takes it from what had it. The
 * same engine on other systems does give it, so it is taken here.
 */
function pressAsOnMac(): void {
  window.addEventListener('mousedown', (event) => {
    const control = event.target instanceof Element ? event.target.closest(CONTROLS) : null;
    if (!control || control.hasAttribute('tabindex') || event.defaultPrevented) return;
    event.preventDefault();
    const around = control.parentElement?.closest('[tabindex]');
    if (around instanceof HTMLElement) around.focus({ preventScroll: true });
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
}

/** Prepares a page once. `isMac`: buttons are pressed as Safari on a Mac presses them. */
export function prepare(isMac: boolean): void {
  listenToComplaints();
  hearEarlierRefusals();
  if (isMac) pressAsOnMac();
}
