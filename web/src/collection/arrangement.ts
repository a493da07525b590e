import { computed, ref, watch } from 'vue';
import { get, mayAny, post, session, units, type Item, type Unit } from '../api';
import type { PackPage, Widget } from '../menu';

type Saved = Item<'/api/v1/saved'>;
/** What a widget is known by, however its pack moves it about. */
export const keyOf = (widget: Widget) => `${widget.kind} ${widget.collection} ${widget.title.zh}`;
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

/** How a board stands at one's unit: as the nearest unit at or above arranged it, else as its pack has it. What its pack adds later stands behind. */
export function useArrangement(page: () => PackPage | undefined) {
  const known = ref<Saved[]>([]);
  const tree = ref<Unit[]>([]);
  const own = computed(() => session.person?.posts[0]?.unit ?? '');
  const found = computed(() => {
    for (let at: string | null = own.value; at !== null && at !== ''; at = tree.value.find((unit) => unit.code === at)?.parent ?? null) {
      const there = known.value.find((one) => one.unit?.code === at);
      if (there !== undefined) return there;
    }
    return undefined;
  });
  const order = computed(() => texts(found.value?.content.order));
  const hidden = computed(() => new Set(texts(found.value?.content.hidden)));
  const place = (widget: Widget) => {
    const at = order.value.indexOf(keyOf(widget));
    return at < 0 ? order.value.length : at;
  };
  const all = computed(() => [...(page()?.widgets ?? [])].map((widget, at) => ({ widget, at })).sort((a, b) => place(a.widget) - place(b.widget) || a.at - b.at).map(({ widget }) => widget));
  async function read() {
    const name = page()?.name;
    if (name === undefined || session.person === null) return;
    [known.value, tree.value] = await Promise.all([get<{ items: Saved[] }>(`/api/v1/saved?form=board&about=${encodeURIComponent(name)}`).then((answer) => answer.items).catch(() => []), units().catch(() => [])]);
  }
  watch(() => page()?.name, () => void read(), { immediate: true });
  const mine = computed(() => known.value.find((one) => one.unit?.code === own.value));
  async function keep(title: string, shown: string[], hide: string[]) {
    await post('/api/v1/saved/keep', { ...(mine.value === undefined ? {} : { id: mine.value.id }), form: 'board', about: page()?.name, title, content: { order: shown, hidden: hide }, unit: own.value });
    await read();
  }
  async function drop() {
    if (mine.value !== undefined) await post('/api/v1/saved/drop', { id: mine.value.id });
    await read();
  }
  return { all, hidden, mine, mayArrange: computed(() => own.value !== '' && mayAny('share saved')), keep, drop };
}
