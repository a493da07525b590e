import { computed, ref, watch } from 'vue';
import type { Described, Property } from './collection';

/** How wide a column is until somebody pulls it. */
function usualWidth(property: Property): number {
  if (property.name === 'lamp') return 110;
  if (property.kind === 'true or false') return 90;
  if (property.kind === 'date') return 120;
  if (property.kind === 'time') return 160;
  if (property.kind === 'number') return 110;
  if (property.schema.enum !== undefined) return 130;
  const most = property.schema.maxLength ?? 40;
  return most > 60 ? 260 : 180;
}
interface Kept { chosen?: string[]; widths?: Record<string, number> }

/** Which columns a list has and how wide they are: as the address says (`said`, changed by `say`), else as this reader left them on this machine. `usual`: as the page or its list has them. */
export function useColumns(collection: () => Described | undefined, usual: () => string[], said: () => string, say: (columns: string | undefined) => void) {
  const kept = ref<Kept>({});
  const key = () => `qipan-columns-${collection()?.name ?? ''}`;
  watch(() => collection()?.name, () => {
    try {
      kept.value = JSON.parse(localStorage.getItem(key()) ?? '{}') as Kept;
    } catch {
      kept.value = {};
    }
  }, { immediate: true });
  const keep = (change: Kept) => {
    kept.value = { ...kept.value, ...change };
    localStorage.setItem(key(), JSON.stringify(kept.value));
  };
  const known = computed(() => new Map((collection()?.properties ?? []).map((property) => [property.name, property])));
  const names = computed(() => (said() === '' ? (kept.value.chosen ?? usual()) : said().split(',')).filter((name) => known.value.has(name)));
  const columns = computed(() => names.value.map((name) => known.value.get(name)).filter((one): one is Property => one !== undefined).map((property) => ({ property, width: kept.value.widths?.[property.name] ?? usualWidth(property) })));
  return {
    columns,
    isChosen: computed(() => said() !== '' || kept.value.chosen !== undefined),
    choose: (chosen: string[] | undefined) => (said() === '' ? keep({ chosen }) : say(chosen?.join(','))),
    resize: (name: string, width: number) => keep({ widths: { ...kept.value.widths, [name]: Math.min(800, Math.max(60, Math.round(width))) } }),
  };
}
export type Column = ReturnType<typeof useColumns>['columns']['value'][number];
