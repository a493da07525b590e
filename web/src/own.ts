import { computed, reactive, watchEffect } from 'vue';
import { get, post, session, type Answer, type Item } from './api';

/** For which organisation this page acts: the number of one's mandate. Kept for the tab alone. */
const chosen = reactive({ mandate: Number(sessionStorage.getItem('qipan-mandate') ?? 0) });

export const mandates = computed(() => session.person?.mandates ?? []);
/** The one that was chosen, else the first. */
export const acting = computed(() => mandates.value.find((one) => one.id === chosen.mandate) ?? mandates.value[0]);
export function actAs(mandate: number) {
  chosen.mandate = mandate;
}
// Where requests take it from.
watchEffect(() => sessionStorage.setItem('qipan-mandate', String(acting.value?.id ?? '')), { flush: 'sync' });

export type OwnCase = Item<'/api/v1/own/cases'>;
export type OwnDetail = Answer<'/api/v1/own/cases/{id}'>;
export type OwnAction = OwnDetail['actions'][number];
export type OwnLine = Item<'/api/v1/own/cases/{id}/history'>;
export type Organisation = Answer<'/api/v1/own'>;
export type OwnKind = Organisation['kinds'][number];
export type OwnEntry = Item<'/api/v1/own/registers/{register}/entries'>;
export type OwnNotice = Item<'/api/v1/own/notices'>;

/** An address says for whom: one of a picture has no headers. */
export const asParty = (path: string, mandate = acting.value?.id) => `/api/v1/own${path}${path.includes('?') ? '&' : '?'}mandate=${mandate ?? 0}`;
export const getOwn = <T>(path: string, mandate?: number) => get<T>(asParty(path, mandate));
export const postOwn = <T>(path: string, body: unknown, key: string) => post<T>(`/api/v1/own${path}`, body, key);
