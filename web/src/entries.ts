import { get, type Answer } from './api';

export type Entry = Answer<'/api/v1/collections/{collection}/items/{id}'>;

/** What a reference names, as far as its reader sees it. What is not there, or not for them, is nothing; sending tells it. */
export async function entryOf(subject: string): Promise<Entry | undefined> {
  const [, register, id] = /^([a-z][a-z0-9_]*):(\d+)$/.exec(subject) ?? [];
  return register === undefined ? undefined : get<Entry>(`/api/v1/collections/${register}/items/${id}`).catch(() => undefined);
}
