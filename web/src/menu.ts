import { computed, ref, watch } from 'vue';
import { get, mayAny, session, type Answer } from './api';
import { administration } from './router';

type Pages = Answer<'/api/v1/pages'>;
export type MenuGroup = Pages['groups'][number];
export type PackPage = MenuGroup['pages'][number];
export type Shown = PackPage['collections'][number];
export type ListTab = Shown['lists'][number];
export type Widget = PackPage['widgets'][number];
export type Layer = Pages['layers'][number];
export type Icon = PackPage['icon'];
type Opens = Exclude<PackPage['opens'], ''>;

/** Pages of the program itself: where they are, and one of which rights they ask for; whoever has a post at all where it asks for none. */
const own: Record<Opens, { path: string; rights: string[]; roles?: string[] }> = {
  board: { path: '/board', rights: ['read case', 'read alarm'] },
  field: { path: '/field', rights: [], roles: ['handler', 'collector'] },
  sensing: { path: '/sensing', rights: ['read stream', 'read alarm'] },
  rules: { path: '/rules', rights: ['read rules'] },
  administration: { path: '/administration', rights: administration },
  map: { path: '/map', rights: ['read case', 'read register', 'read alarm'] },
  statistics: { path: '/statistics', rights: ['read case'] },
  wall: { path: '/wall', rights: ['read case'] },
};

const pages = ref<Pages>({ groups: [], layers: [] });
const known = ref(false);
let asked: Promise<void> | undefined;

/** What packs show this reader, asked for once a session. */
export function readMenu(): Promise<void> {
  asked ??= get<Pages>('/api/v1/pages').then((answer) => {
    pages.value = answer;
    known.value = true;
  }).catch(() => (asked = undefined));
  return asked as Promise<void>;
}
watch(() => session.person?.id, () => {
  asked = undefined;
  known.value = false;
  pages.value = { groups: [], layers: [] };
});

export const menuKnown = computed(() => known.value);
export const layers = computed(() => pages.value.layers);

function isOpen(page: PackPage): boolean {
  if (page.opens === '') return true;
  const { rights, roles } = own[page.opens];
  const posts = session.person?.posts ?? [];
  return roles === undefined ? mayAny(...rights) : posts.some((post) => roles.includes(post.role));
}
/** One without an overview begins with its first list. */
export const pathOf = (page: PackPage) => (page.opens !== '' ? own[page.opens].path : page.widgets.length > 0 || page.collections[0] === undefined ? `/pages/${page.name}` : `/collections/${page.collections[0].collection}`);
/** As the reader sees it: groups with a page at least. */
export const groups = computed(() => pages.value.groups.map((group) => ({ ...group, pages: group.pages.filter(isOpen) })).filter((group) => group.pages.length > 0));
export const pageNamed = (name: string) => groups.value.flatMap((group) => group.pages).find((page) => page.name === name);
/** The collection that an address is of: its own, or all cases' where it is a case's. */
export const collectionAt = (path: string, named: unknown) => (typeof named === 'string' ? named : /^\/cases\/\d+$/.test(path) ? 'case' : '');
/** The page on which a collection is shown, and how. */
export function shownBy(collection: string): { page: PackPage; shown: Shown } | undefined {
  for (const group of groups.value) for (const page of group.pages) {
    const shown = page.collections.find((one) => one.collection === collection);
    if (shown !== undefined) return { page, shown };
  }
  return undefined;
}
