import { get, once, type Answer, type Item, type Schema } from '../api';

export type Collection = Answer<'/api/v1/collections/{collection}'>;
export type Property = Omit<Collection['properties'][number], 'schema'> & { schema: Schema };
export type Row = Item<'/api/v1/collections/{collection}/items'>;
export type Group = Item<'/api/v1/collections/{collection}/groups'>;
export interface Described { name: string; title: Collection['title']; called: string; located: boolean; properties: Property[] }

/** What a collection has; asked anew after packs changed. */
export const describe = (name: string) => once<Described>(`/api/v1/collections/${encodeURIComponent(name)}`);

/** What is asked of a collection, as the API's parameters. */
export interface Question { filter?: string; sort?: string; properties?: string[]; limit?: number; after?: string }
export function parameters(question: Question): string {
  const words = new URLSearchParams();
  if (question.filter) words.set('filter', question.filter);
  if (question.sort) words.set('sort', question.sort);
  if (question.properties && question.properties.length > 0) words.set('properties', question.properties.join(','));
  if (question.limit !== undefined) words.set('limit', String(question.limit));
  if (question.after) words.set('after', question.after);
  return words.toString();
}
const path = (collection: string) => `/api/v1/collections/${encodeURIComponent(collection)}`;
export const itemsOf = (collection: string, question: Question) => get<Answer<'/api/v1/collections/{collection}/items'>>(`${path(collection)}/items?${parameters(question)}`);
export const totalOf = (collection: string, filter: string) => get<{ count: number }>(`${path(collection)}/totals?${parameters({ filter })}`).then((answer) => answer.count);
export const groupsOf = (collection: string, by: string, of: string, filter: string) =>
  get<{ items: Group[] }>(`${path(collection)}/groups?${new URLSearchParams({ ...(by === '' ? {} : { by }), ...(of === '' ? {} : { of }), ...(filter === '' ? {} : { filter }) }).toString()}`).then((answer) => answer.items);
export const fileOf = (collection: string, ending: string, question: Question, language: string) => `${path(collection)}/items.${ending}?${parameters(question)}${ending === 'geojson' ? '' : `&language=${language}`}`;

/** What a reference is shown by besides its number: the name of what it refers to, asked for with the row. */
export async function namesThrough(properties: Property[]): Promise<Map<string, string>> {
  const through = new Map<string, string>();
  await Promise.all(properties.map(async (property) => {
    const to = property.schema['x-to'];
    // The name of what is called differently from kind to kind is asked of none.
    if (property.schema['x-type'] !== 'reference' || to?.length !== 1 || to[0] === undefined) return;
    const target = await describe(to[0]).catch(() => undefined);
    if (target !== undefined && target.called !== '') through.set(property.name, `${property.name}.${target.called}`);
  }));
  return through;
}

/** Columns that say most, where no page says which: the first of those that have few signs. */
export function usualColumns(collection: Described): string[] {
  const wide = ['long_text', 'photos', 'files', 'rows', 'place', 'line', 'area'];
  const few = collection.properties.filter((property) => !wide.includes(property.schema['x-type']) && property.sensitivity !== 'personal' && property.name !== 'retired');
  return few.slice(0, 7).map((property) => property.name);
}

/** What one thing is called in headings and cards. */
export function calledOf(collection: Described, row: { id: number; values: Record<string, unknown> }): string {
  const value = row.values[collection.called];
  return typeof value === 'string' && value !== '' ? value : `${row.id}`;
}
