// Keeps the tablet's page and its files, so that it opens when the server is away. Nothing about people is kept here.
const CACHE = "qingmiao-{{ version }}";
const PAGE = "{{ page }}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

async function keepPage(cache, answer) {
  if (answer.ok && !answer.redirected) await cache.put(PAGE, answer.clone());
  return answer;
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    await keepPage(cache, await fetch(PAGE, { credentials: "same-origin" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("qingmiao-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(4000) });
    if (answer.status < 500) return await keepPage(cache, answer);
  } catch { /* away */ }
  return (await cache.match(PAGE)) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== location.origin || event.request.method !== "GET") return;
  if (address.pathname === PAGE) event.respondWith(page(event.request));
  else if (FILES.includes(address.pathname)) {
    event.respondWith(caches.open(CACHE).then((cache) => cache.match(address.pathname)).then((kept) => kept ?? fetch(event.request)));
  }
});
