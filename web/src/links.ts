import type { RouteLocationRaw } from 'vue-router';

/** Kinds whose subjects have a page of their own, besides cases. */
const own: Record<string, (id: number) => string> = {
  stream: (id) => `/sensing/${id}`,
  alarm: () => '/sensing',
  draft: (id) => `/rules/drafts/${id}`,
};

/** The page of one thing of a collection. `cases`: names of case types, whose page is their own. */
export function linkOf(collection: string, id: number, cases: ReadonlySet<string>): RouteLocationRaw {
  if (collection === 'case' || cases.has(collection)) return `/cases/${id}`;
  return own[collection]?.(id) ?? `/collections/${collection}/${id}`;
}

/** "enterprise:12" taken apart; nothing where it is no name of a subject. */
export function subjectOf(text: unknown): { kind: string; id: number } | undefined {
  const found = typeof text === 'string' ? /^([a-z][a-z0-9_]*):([1-9]\d{0,15})$/.exec(text) : null;
  return found === null ? undefined : { kind: found[1] ?? '', id: Number(found[2]) };
}
