/** One event stream for all pages of this browser: HTTP/1.1 grants it six connections in all. */
const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
const pages = new Set<MessagePort>();
let source: EventSource | null = null;
let retry = 0;
let last: { position?: number; connected: boolean } = { connected: false };

function tell(message: typeof last) {
  last = { ...last, ...message };
  for (const page of pages) page.postMessage(message);
}

function open() {
  source?.close();
  source = new EventSource('/api/v1/events');
  source.addEventListener('position', (event) => tell({ position: Number((event as MessageEvent<string>).data), connected: true }));
  source.onerror = () => {
    tell({ connected: false });
    // The browser itself tries again after a broken connection, but gives up after a refusal: then this does.
    if (source?.readyState === EventSource.CLOSED) {
      clearTimeout(retry);
      retry = setTimeout(open, 3000) as unknown as number;
    }
  };
}

scope.onconnect = (event) => {
  const page = event.ports[0];
  if (page === undefined) return;
  pages.add(page);
  page.onmessage = (message) => {
    if (message.data === 'bye') pages.delete(page);
    if (pages.size === 0) {
      clearTimeout(retry);
      source?.close();
      source = null;
    }
  };
  if (source === null) open();
  page.postMessage(last);
};
