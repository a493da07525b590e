import { get, type Answer, type Schema } from './api';

export type Entry = Answer<'/api/v1/collections/{collection}/items/{id}'>;

/** What a reference names, as far as its reader sees it. What is not there, or not for them, is nothing; sending tells it. */
export async function entryOf(subject: string): Promise<Entry | undefined> {
  const [, register, id] = /^([a-z][a-z0-9_]*):(\d+)$/.exec(subject) ?? [];
  return register === undefined ? undefined : get<Entry>(`/api/v1/collections/${register}/items/${id}`).catch(() => undefined);
}

/** What the columns of a collection are, by name; none for who may not see it. */
export async function columnsOf(subject: string): Promise<Record<string, Schema>> {
  const collection = await get<Answer<'/api/v1/collections/{collection}'>>(`/api/v1/collections/${subject.split(':')[0] ?? ''}`).catch(() => undefined);
  return Object.fromEntries((collection?.properties ?? []).map((property) => [property.name, property.schema as Schema]));
}
