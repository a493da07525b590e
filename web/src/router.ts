import { createRouter, createWebHistory } from 'vue-router';
import { mayAny, onLoggedOut, readSession, session } from './api';
import { i18n, readStaffWords } from './i18n';

export const administration = ['manage unit', 'manage person', 'manage post', 'manage token', 'manage mandate', 'manage notice', 'install pack', 'reveal person', 'read notice', 'read audit'];

function firstPage() {
  if (session.person === null) return '/welcome';
  if (session.person.posts.length === 0) return session.person.mandates.length > 0 ? '/own' : '/me';
  if (session.person.posts.every((post) => post.role === 'wall')) return '/wall';
  return session.person.posts.every((post) => post.role === 'collector' || post.role === 'handler') ? '/field' : '/home';
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    // A redirect would be taken before the session is read; this guard runs behind the one below.
    { path: '/', component: () => import('./pages/MissingPage.vue'), beforeEnter: () => firstPage() },
    { path: '/welcome', component: () => import('./pages/WelcomePage.vue'), meta: { title: 'welcome.title' } },
    { path: '/login', component: () => import('./pages/LoginPage.vue'), meta: { title: 'login.title' } },
    { path: '/home', component: () => import('./pages/HomePage.vue'), meta: { title: 'home.short', staff: true } },
    { path: '/pages/:page', component: () => import('./collection/PackPage.vue'), meta: { staff: true } },
    { path: '/collections/:collection', component: () => import('./collection/CollectionPage.vue'), meta: { staff: true } },
    { path: '/collections/:collection/new', component: () => import('./collection/EntryForm.vue'), meta: { staff: true } },
    { path: '/collections/:collection/import', component: () => import('./collection/ImportPage.vue'), meta: { staff: true } },
    { path: '/collections/:collection/:id(\\d+)', component: () => import('./collection/EntryPage.vue'), meta: { staff: true } },
    { path: '/collections/:collection/:id(\\d+)/edit', component: () => import('./collection/EntryForm.vue'), meta: { staff: true } },
    { path: '/cases', redirect: (to) => ({ path: '/collections/case', query: { list: 'open', ...to.query } }) },
    { path: '/cases/new', component: () => import('./pages/IntakePage.vue'), meta: { title: 'intake.title', staff: true } },
    { path: '/cases/:id(\\d+)', component: () => import('./pages/CasePage.vue'), meta: { title: 'list.title', staff: true } },
    { path: '/wall', component: () => import('./pages/WallPage.vue'), meta: { title: 'wall.title', staff: true, wall: true, rights: ['read case'] } },
    { path: '/map', component: () => import('./pages/MapPage.vue'), meta: { title: 'onemap.title', staff: true } },
    { path: '/statistics', component: () => import('./pages/StatisticsPage.vue'), meta: { title: 'statistics.title', staff: true, rights: ['read case'] } },
    { path: '/board', component: () => import('./pages/BoardPage.vue'), meta: { title: 'board.title', staff: true, wide: true }, beforeEnter: (to) => (to.query.wall === '1' ? { path: '/wall' } : true) },
    { path: '/sensing', component: () => import('./pages/SensingPage.vue'), meta: { title: 'sensing.title', staff: true, rights: ['read stream', 'read alarm'] } },
    { path: '/sensing/things/:code', component: () => import('./pages/StationPage.vue'), meta: { title: 'sensing.thing', staff: true, rights: ['read stream'] } },
    { path: '/sensing/:id(\\d+)', component: () => import('./pages/StreamPage.vue'), meta: { title: 'sensing.title', staff: true } },
    { path: '/field', component: () => import('./pages/FieldPage.vue'), meta: { title: 'field.title', staff: true } },
    { path: '/rules', component: () => import('./pages/RulesPage.vue'), meta: { title: 'rules.title', staff: true, rights: ['read rules'] } },
    { path: '/rules/drafts/:id(\\d+)', component: () => import('./pages/RuleDraftPage.vue'), meta: { title: 'rules.title', staff: true } },
    { path: '/rules/:pack', component: () => import('./pages/RulePackPage.vue'), meta: { title: 'rules.title', staff: true } },
    { path: '/administration/:part(units|people|roles|packs|keys|mandates|notices|audit)?', component: () => import('./pages/AdministrationPage.vue'), meta: { title: 'admin.title', staff: true, rights: administration } },
    { path: '/me', component: () => import('./pages/MePage.vue'), meta: { title: 'me.title', staff: true } },
    { path: '/own', component: () => import('./pages/OwnPage.vue'), meta: { title: 'own.title', staff: true } },
    { path: '/own/cases/:id(\\d+)', component: () => import('./pages/OwnCasePage.vue'), meta: { title: 'own.title', staff: true } },
    { path: '/report', component: () => import('./pages/ReportPage.vue'), meta: { title: 'report.title' } },
    { path: '/follow/:token', component: () => import('./pages/FollowPage.vue'), meta: { title: 'follow.title' } },
    { path: '/tour', component: () => import('./tour/TourPage.vue'), meta: { title: 'tour.title' } },
    { path: '/forbidden', component: () => import('./pages/MissingPage.vue'), meta: { title: 'missing.forbidden' } },
    { path: '/:rest(.*)*', component: () => import('./pages/MissingPage.vue'), meta: { title: 'missing.title' } },
  ],
});

router.beforeEach(async (to) => {
  if (!session.known) await readSession().catch(() => undefined);
  if (to.meta.staff === true && session.person === null) return { path: '/login', query: { then: to.fullPath } };
  if (to.meta.staff === true) await readStaffWords();
  // Something comes first: a password that nobody else knows, a second factor.
  if (to.meta.staff === true && to.path !== '/me' && ['password-to-change', 'second-factor-missing'].includes(session.limited)) return { path: '/me' };
  // A page of which nothing would be shown or taken.
  const rights = to.meta.rights as string[] | undefined;
  if (rights !== undefined && !mayAny(...rights)) return { path: '/forbidden', query: { from: to.path } };
  return true;
});

/** Where a navigation that has not arrived yet goes to. */
let going: string | undefined;
router.beforeEach((to) => void (going = to.path));
// One that was overtaken ends too, while the newer one is still on its way.
router.afterEach((to) => {
  if (going === to.path) going = undefined;
});

/**
 * Changes what the address asks of the page that is shown; what is undefined leaves it. What is told late (a box waits until its writer pauses) does not take
 * back a reader who has left meanwhile.
 */
export async function refine(changes: Record<string, string | undefined>) {
  const { path, query } = router.currentRoute.value;
  if (going === undefined || going === path) await router.replace({ query: { ...query, ...changes } });
}

/** Title and focus follow the page; a change of the address within one leaves both. */
router.afterEach((to, from, failure) => {
  // One that was overtaken shows nothing.
  if (failure !== undefined || to.path === from.path) return;
  if (to.meta.title !== undefined) document.title = `${i18n.global.t(String(to.meta.title))} · ${i18n.global.t('app.name')}`;
  if (from.matched.length > 0) requestAnimationFrame(() => document.querySelector<HTMLElement>('#content')?.focus());
});

onLoggedOut.act = () => {
  const to = router.currentRoute.value;
  if (to.meta.staff === true) void router.push({ path: '/login', query: { then: to.fullPath } });
};

// After an upgrade of the server the parts of an open page are gone: the page is read anew, where it was going.
router.onError((error, to) => {
  going = undefined;
  if (/dynamically imported module|module script/i.test(String(error))) window.location.assign(to.fullPath);
});
