const UNCAUGHT =
  /uncaught exception(?: of (?:type|class))? ['"‘“]?([A-Za-z_][\w.:<>, *]*?)['"’”]?\s*(?:,\s*reason:\s*['"‘“]?([\s\S]*?)['"’”]?\s*(?:$|\n)|:\s*([\s\S]*)|$)/;

/** The exception that an application's own words tell of: "… uncaught exception 'Name', reason: '…'". */
export function thrownIn(lines: readonly string[]): { name: string; reason: string | null } | null {
  let found: { name: string; reason: string | null } | null = null;
  for (const line of lines) {
    const match = UNCAUGHT.exec(line.trim());
    const name = match?.[1]?.trim();
    // "of type NSException" says only that it was one.
    if (name === undefined || name === 'NSException') continue;
    const reason = (match?.[2] ?? match?.[3])?.trim() || null;
    if (found === null || (found.reason === null && reason !== null)) found = { name, reason };
  }
  return found;
}
