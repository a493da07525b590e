import { createRouter, createWebHistory } from 'vue-router';
import { readSession, session } from './api';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: () => (session.person === null ? '/report' : session.person.posts.every((post) => post.role === 'collector' || post.role === 'handler') ? '/field' : '/board') },
    { path: '/login', component: () => import('./pages/LoginPage.vue') },
    { path: '/cases', component: () => import('./pages/CasesPage.vue'), meta: { staff: true } },
    { path: '/cases/:id(\\d+)', component: () => import('./pages/CasePage.vue'), meta: { staff: true } },
    { path: '/board', component: () => import('./pages/BoardPage.vue'), meta: { staff: true, wide: true } },
    { path: '/sensing', component: () => import('./pages/SensingPage.vue'), meta: { staff: true } },
    { path: '/sensing/:id(\\d+)', component: () => import('./pages/StreamPage.vue'), meta: { staff: true } },
    { path: '/field', component: () => import('./pages/FieldPage.vue'), meta: { staff: true } },
    { path: '/administration/:part(units|people|roles|packs|keys|notices)?', component: () => import('./pages/AdministrationPage.vue'), meta: { staff: true } },
    { path: '/me', component: () => import('./pages/MePage.vue'), meta: { staff: true } },
    { path: '/report', component: () => import('./pages/ReportPage.vue') },
    { path: '/follow/:token', component: () => import('./pages/FollowPage.vue') },
    { path: '/:rest(.*)*', component: () => import('./pages/MissingPage.vue') },
  ],
});

router.beforeEach(async (to) => {
  if (!session.known) await readSession().catch(() => undefined);
  if (to.meta.staff === true && session.person === null) return { path: '/login', query: { then: to.fullPath } };
  return true;
});
