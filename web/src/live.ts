import { onBeforeUnmount, onMounted, ref } from 'vue';

interface Told { position?: number; connected: boolean }

/** Whether the page hears of changes now; false while the server is away. */
export const connected = ref(true);

const listeners = new Set<(told: Told) => void>();
let port: MessagePort | null = null;
let own: EventSource | null = null;
let retry = 0;

function hear(told: Told) {
  connected.value = told.connected;
  for (const listener of listeners) listener(told);
}

/** The shared stream, or one of its own where the browser has no shared workers. */
function open() {
  if (typeof SharedWorker !== 'undefined') {
    const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: 'qipan-live' });
    port = worker.port;
    port.onmessage = (message: MessageEvent<Told>) => hear(message.data);
    return;
  }
  own = new EventSource('/api/v1/events');
  own.addEventListener('position', (event) => hear({ position: Number((event as MessageEvent<string>).data), connected: true }));
  own.onerror = () => {
    hear({ connected: false });
    // It gives up after a refusal, such as a proxy's while the server restarts.
    if (own?.readyState !== EventSource.CLOSED) return;
    window.clearTimeout(retry);
    retry = window.setTimeout(open, 3000);
  };
}

function close() {
  port?.postMessage('bye');
  port?.close();
  port = null;
  window.clearTimeout(retry);
  own?.close();
  own = null;
}
window.addEventListener('pagehide', close);
window.addEventListener('pageshow', () => {
  if (listeners.size > 0 && port === null && own === null) open();
});

/**
 * Calls `changed` when the log grew: at once when quiet, at most every `pause` milliseconds when busy. The first telling counts too:
 * something may have happened between the page's own reading and the stream's beginning.
 */
export function onLogGrown(changed: () => void, pause = 2000) {
  let timer = 0;
  let last = 0;
  const grown = (told: Told) => {
    if (told.position === undefined || timer !== 0) return;
    timer = window.setTimeout(() => {
      timer = 0;
      last = Date.now();
      changed();
    }, Math.max(0, pause - (Date.now() - last)));
  };
  onMounted(() => {
    listeners.add(grown);
    if (port === null && own === null) open();
  });
  onBeforeUnmount(() => {
    listeners.delete(grown);
    window.clearTimeout(timer);
    if (listeners.size === 0) close();
  });
}
