import { onBeforeUnmount, onMounted } from 'vue';

/**
 * Calls `changed` when the log grew: at once when quiet, at most every two seconds when busy. Recovers by itself. The first
 * event counts too: something may have happened between the page's own reading and the stream's beginning.
 */
export function onLogGrown(changed: () => void) {
  let source: EventSource | null = null;
  let timer = 0;
  let last = 0;
  const grown = () => {
    if (timer !== 0) return;
    timer = window.setTimeout(() => {
      timer = 0;
      last = Date.now();
      changed();
    }, Math.max(0, 2000 - (Date.now() - last)));
  };
  onMounted(() => {
    source = new EventSource('/api/v1/events');
    source.addEventListener('position', grown);
  });
  onBeforeUnmount(() => {
    source?.close();
    window.clearTimeout(timer);
  });
}
