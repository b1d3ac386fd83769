// What a phone holds of this site: a page that belongs to nobody, and the files that every page loads. No page of a person is
// ever kept. The list of files and the name of the one cache are put before this text by the server.
//
// A new version waits until the pages of the old one are closed: nothing changes under a session that runs.

const PAGE = "/offline";
// Longer than this a page is not waited for; after one that took longer, the next is given more time.
const LIMIT_MS = 4000;
const PATIENT_MS = 20000;
let limit = LIMIT_MS;

self.addEventListener("install", (event) => {
  // Without cookies, so that what is kept cannot have been made for anybody.
  const plain = (address) => new Request(address, { credentials: "omit", cache: "reload" });
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([PAGE, ...FILES].map(plain))));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

async function file(request) {
  const kept = await caches.open(SHELL).then((cache) => cache.match(request, { ignoreVary: true }));
  return kept ?? fetch(request);
}

async function page(request) {
  let timer = 0;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error("late")), limit);
  });
  try {
    const answer = await Promise.race([fetch(request), late]);
    limit = LIMIT_MS;
    return answer;
  } catch (error) {
    if (error.message === "late") limit = PATIENT_MS;
    const kept = await caches.open(SHELL).then((cache) => cache.match(PAGE, { ignoreVary: true }));
    return kept ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin || request.headers.has("range")) return;
  if (address.pathname.startsWith("/assets/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && /^\/($|my\b|companion\b|pause$|leave$|help$)/.test(address.pathname)) event.respondWith(page(request));
});
