import { ref, watch, type Ref } from 'vue';
import { session } from './api';

/** Logging out takes away what begins so. */
const prefix = 'qipan-draft-';

/** What somebody was typing when their session ended, kept in this tab for them until it is sent. */
export function useDraft<T>(name: () => string, empty: () => T): { draft: Ref<T>; hold: () => () => void } {
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
  /** What forgets the draft as it is now, also when another has taken its place on the page meanwhile. */
  const hold = () => {
    const held = key();
    return () => {
      sessionStorage.removeItem(held);
      if (key() === held) draft.value = empty();
    };
  };
  return { draft, hold };
}
