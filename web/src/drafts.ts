import { ref, watch, type Ref } from 'vue';
import { session } from './api';

const prefix = 'qipan-draft-';

/** What somebody was typing when their session ended, kept in this tab for them until it is sent. */
export function useDraft<T>(name: () => string, empty: () => T): { draft: Ref<T>; forget: () => void } {
  const key = () => `${prefix}${session.person?.id ?? 0}-${name()}`;
  const read = () => {
    const kept = sessionStorage.getItem(key());
    return kept === null ? empty() : (JSON.parse(kept) as T);
  };
  const draft = ref(read()) as Ref<T>;
  watch(name, () => (draft.value = read()));
  watch(draft, (value) => {
    if (session.person === null) return;
    if (JSON.stringify(value) === JSON.stringify(empty())) sessionStorage.removeItem(key());
    else sessionStorage.setItem(key(), JSON.stringify(value));
  }, { deep: true });
  const forget = () => {
    sessionStorage.removeItem(key());
    draft.value = empty();
  };
  return { draft, forget };
}

/** Who logs out leaves nothing behind. */
export function forgetDrafts() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
}
