import { reactive } from 'vue';
import type { paths } from './api-schema';
import { i18n } from './i18n';

/** What a path answers, as the API's own description has it (tools/types.sh makes api-schema.ts from it). */
export type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { 'application/json': infer Body } } } } } ? Body : never;
/** What a question that is posted answers. */
export type Told<Path extends keyof paths> = paths[Path] extends { post: { responses: { 200: { content: { 'application/json': infer Body } } } } } ? Body : never;
export type Item<Path extends keyof paths> = Answer<Path> extends { items: (infer One)[] } ? One : never;

/** Titles of the fields of forms, as far as case types were read. */
const fieldTitles = new Map<string, Title | null>();

/** A field of a body as its reader calls it: never by its name in the API where a title is known. */
function fieldText(field: string): string {
  const { t, te, locale } = i18n.global;
  const name = field.replace(/^(fields|values)\//, '');
  const title = fieldTitles.get(name)?.[locale.value === 'zh' ? 'zh' : 'en'];
  return title ?? (te(`admin.${name}`) ? t(`admin.${name}`) : name);
}

/** A problem as the API tells it (RFC 9457), or a broken connection. */
export class ApiProblem extends Error {
  constructor(readonly status: number, readonly code: string, readonly field: string, readonly expected: string, detail: string) {
    super(detail);
  }
  /** In the reader's language where the code is known. */
  text(): string {
    const { t, te } = i18n.global;
    const key = `problem.${this.code}`;
    const [zh = '', en = ''] = this.expected.split(' / ');
    const expected = en === '' ? zh : i18n.global.locale.value === 'zh' ? zh : en;
    return te(key) ? t(key, { field: fieldText(this.field), expected }) : t('problem.other', { detail: this.message });
  }
}

export type Person = NonNullable<Answer<'/api/v1/session'>['person']>;
export const session = reactive({ person: null as Person | null, csrf: '', known: false, limited: '', idleSeconds: 0, secondFactor: false, provider: null as Title | null, demonstration: null as NonNullable<Answer<'/api/v1/session'>['demonstration']> | null });

/** Whether any post of who is logged in grants this, as "action resource". What holds where the server decides. */
export const mayAny = (...rights: string[]) => session.person?.rights.some((right) => rights.some((one) => right === one || right === `${one.split(' ')[0]} *` || right === `* ${one.split(' ')[1]}` || right === '* *')) === true;

/** When somebody last touched this page. What it asks by itself, while nobody sits there, keeps no session open. */
const touched = { at: Date.now(), told: 0 };
function touch() {
  touched.at = Date.now();
  // The session is all tabs' of this browser, and so is that somebody sits there.
  if (touched.at - touched.told < 5_000) return;
  touched.told = touched.at;
  localStorage.setItem('qipan-touched', String(touched.at));
}
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart']) window.addEventListener(event, touch, { passive: true, capture: true });
const aloneSeconds = 60;
export const secondsAlone = () => (Date.now() - Math.max(touched.at, Number(localStorage.getItem('qipan-touched') ?? 0))) / 1000;

/** What is done when the session has ended; the router sets it. */
export const onLoggedOut = { act: () => undefined as void };

/** A key for one request; `crypto.randomUUID` is only there on secure pages. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Pages of an organisation say for which: what the office has is no business of theirs. */
function partyHeader(path: string): Record<string, string> {
  // What an address says itself is not said twice.
  const own = (path.startsWith('/api/v1/own') && !path.includes('mandate=')) || (path === '/api/v1/photos' && location.pathname.startsWith('/own'));
  return own ? { 'Qipan-Mandate': sessionStorage.getItem('qipan-mandate') ?? '' } : {};
}

async function call<T>(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}, again = true): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { method, body, headers: { ...(session.csrf === '' ? {} : { 'X-CSRF-Token': session.csrf }), ...(secondsAlone() > aloneSeconds ? { 'Qipan-Background': '1' } : {}), ...partyHeader(path), ...headers } });
  } catch {
    throw new ApiProblem(0, 'network', '', '', 'network');
  }
  if (response.status === 204) return undefined as T;
  const json = await response.json().catch(() => ({}));
  if (response.status === 403 && json.code === 'csrf-missing' && again) {
    // Another page of this browser began a new session.
    await readSession();
    return call<T>(method, path, body, headers, false);
  }
  if (response.status === 403 && ['session-locked', 'password-to-change', 'second-factor-missing'].includes(json.code)) session.limited = json.code;
  if (response.status === 401 && session.person !== null && path !== '/api/v1/session') {
    // Drafts stay for who comes back; cases with their places do not.
    forget(/^qipan-tasks-/);
    session.person = null;
    session.csrf = '';
    session.limited = '';
    onLoggedOut.act();
  }
  if (!response.ok) throw new ApiProblem(response.status, json.code ?? '', json.field ?? '', json.expected ?? '', json.detail ?? response.statusText);
  return json as T;
}

export const get = <T>(path: string) => call<T>('GET', path);
export const post = <T>(path: string, body: unknown, key = '') =>
  call<T>('POST', path, JSON.stringify(body), { 'Content-Type': 'application/json', ...(key === '' ? {} : { 'Idempotency-Key': key }) });
export const patch = <T>(path: string, body: unknown, key = '') =>
  call<T>('PATCH', path, JSON.stringify(body), { 'Content-Type': 'application/json', ...(key === '' ? {} : { 'Idempotency-Key': key }) });
/** A file as it is, with what it is for in the address. */
export const postFile = <T>(path: string, file: Blob) => call<T>('POST', path, file, { 'Content-Type': 'application/octet-stream' });
export const postPhoto = (photo: Blob) => call<{ hash: string }>('POST', '/api/v1/photos', photo, { 'Content-Type': photo.type });

type SessionAnswer = Answer<'/api/v1/session'>;
function take(answer: Omit<SessionAnswer, 'provider'>) {
  session.person = answer.person;
  session.csrf = answer.csrf ?? '';
  session.limited = answer.limited ?? '';
  session.idleSeconds = answer.idle_seconds ?? 0;
  session.secondFactor = answer.second_factor ?? false;
}

export async function readSession() {
  const answer = await get<SessionAnswer>('/api/v1/session');
  take(answer);
  session.provider = answer.provider;
  session.demonstration = answer.demonstration ?? null;
  session.known = true;
}

export async function logIn(login: string, password: string, code = '') {
  take(await post('/api/v1/session', { login, password, ...(code === '' ? {} : { code }) }));
}

/** When another tab of this browser may have locked or unlocked it. */
window.addEventListener('focus', () => {
  if (session.person !== null) void readSession().catch(() => undefined);
});

/** Until the password is said again. The server may be out of reach: the page is covered all the same. */
export async function lock() {
  session.limited = 'session-locked';
  await call('POST', '/api/v1/session/lock').catch(() => undefined);
}
export async function unlock(password: string) {
  take(await post('/api/v1/session/unlock', { present_password: password }));
}

/** What a page kept (tasks for where there is no network, texts for after a session's end) is this person's, not the next one's. */
function forget(kinds: RegExp) {
  for (const store of [localStorage, sessionStorage]) for (const name of Object.keys(store)) if (kinds.test(name)) store.removeItem(name);
}

export async function logOut() {
  try {
    await call('DELETE', '/api/v1/session');
  } finally {
    // Also where the server was not reached: nothing of this person stays at the desk.
    session.person = null;
    session.csrf = '';
    session.limited = '';
    forget(/^qipan-(tasks-|draft-|mandate)/);
  }
}

export interface Title { zh: string; en: string }
export type UnitName = NonNullable<CaseRow['unit']>;
export type CaseType = Item<'/api/v1/case-types'>;
export type Schema = CaseType['fields'][string];
export type Form = CaseType['create'];
export type Transition = CaseType['transitions'][number];
export type Lamp = CaseRow['lamp'];
export type CaseRow = Item<'/api/v1/cases'>;
export type Limit = CaseDetail['limits'][number];
export type CaseDetail = Answer<'/api/v1/cases/{id}'>;
export type CaseDecision = Item<'/api/v1/cases/{id}/decisions'>;
export type Decided = CaseDecision['stored'];
export type Explained = NonNullable<CaseDecision['explained']>;
export type ExplainedTable = Explained['steps'][number]['tables'][number];
export type ExplainedRule = ExplainedTable['rules'][number];
export interface HistoryItem {
  position: number; at: string; kind: string; actor: { id: string; title_zh?: string; title_en?: string }; acting_for?: { id: string; title_zh?: string; title_en?: string }[];
  body: { transition?: string; state?: string; comment?: string; text?: string; decisions?: Record<string, Decided>; raised?: { limit: string; level: number; unit: number }[]; field?: string; purpose?: string };
}
export type CaseClass = Item<'/api/v1/case-classes'>;
export type Unit = Item<'/api/v1/units'>;

/** What changes seldom, asked for once a visit. */
const kept = new Map<string, Promise<unknown>>();
export function once<T>(path: string): Promise<T> {
  if (!kept.has(path)) {
    const asked = get<T>(path);
    asked.catch(() => kept.delete(path));
    kept.set(path, asked);
  }
  return kept.get(path) as Promise<T>;
}
/** After packs or units changed. */
export const forgetLists = () => kept.clear();
export const caseTypes = () => once<{ items: CaseType[] }>('/api/v1/case-types').then(({ items }) => {
  for (const type of items) {
    for (const [name, schema] of Object.entries(type.fields)) {
      // Of two types that mean different things by one name, neither is told.
      const known = fieldTitles.get(name);
      if (known === undefined) fieldTitles.set(name, schema['x-title']);
      else if (known !== null && known.zh !== schema['x-title'].zh) fieldTitles.set(name, null);
    }
  }
  return items;
});
export const caseClasses = () => once<{ items: CaseClass[] }>('/api/v1/case-classes').then((answer) => answer.items);
export const units = () => once<{ items: Unit[] }>('/api/v1/units').then((answer) => answer.items);
/** What is observed, by code; a code stands for itself where the register is not this reader's to see. */
export const propertyTitles = () => once<{ items: { values: { code: string; title_zh: string; title_en: string } }[] }>('/api/v1/collections/observed_property/items?limit=500&properties=code,title_zh,title_en')
  .then(({ items }) => new Map(items.map(({ values }) => [values.code, { zh: values.title_zh, en: values.title_en }])), () => new Map<string, Title>());
export const outlines = () => once<GeoJSON.FeatureCollection>('/api/v1/units.geojson?kind=community');
export const grids = () => once<GeoJSON.FeatureCollection>('/api/v1/units.geojson?kind=grid');
export const basemap = () => once<Answer<'/api/v1/basemap'>>('/api/v1/basemap');
