interface Build {
  readonly buildId: string | null;
  readonly images: readonly unknown[];
}

interface Page {
  readonly missing: readonly Build[];
  readonly stored: readonly unknown[];
}

/** Pages of an app's symbols as one: a build that begins on one and goes on on the next stands once. */
export function joinedPages<One extends Page>(pages: readonly [One, ...One[]]): One {
  return pages.reduce((before, next) => {
    const last = before.missing.at(-1);
    const [first, ...others] = next.missing;
    const isCut = last !== undefined && first !== undefined && last.buildId === first.buildId;
    const missing = isCut
      ? [...before.missing.slice(0, -1), { ...last, images: [...last.images, ...first.images] }, ...others]
      : [...before.missing, ...next.missing];
    return { ...next, missing, stored: [...before.stored, ...next.stored] };
  });
}
