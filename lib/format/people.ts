interface Named {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/** "Ada Lovelace", or the e-mail, or "Anonymous tester" for somebody who came by public link and gave nothing. */
export function personName(person: Named): string {
  const name = [person.firstName, person.lastName].filter((part) => part?.trim()).join(' ');
  return name || person.email || 'Anonymous tester';
}
