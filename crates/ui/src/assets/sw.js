// What a phone holds of this site: a page that belongs to nobody, and the files that every page loads. No page of a person is
// ever kept. The list of files and the name of the one cache are put before this text by the server.
//
// A new version waits until the pages of the old one are closed: nothing changes under a session that runs.

const PAGE = "/offline";
// Longer than this a page is not waited for; after one that took longer, the next is given more time.
const LIMIT_MS = 4000;
const PATIENT_MS = 20000;
const AGAIN_MS = 2500;
const MOST = 3;
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

/** One try to get a page. It can be let go, which a request of the browser's own cannot. */
function ask(request, stop) {
  const headers = { accept: request.headers.get("accept") ?? "text/html" };
  return fetch(request.url, { headers, credentials: "same-origin", redirect: "manual", cache: "no-store", referrer: request.referrer, signal: stop.signal });
}

/** A page, or the shell. A try that hangs may hang on a socket that is gone, so another begins beside it. */
async function page(request) {
  const tries = [];
  let again = 0;
  let over = 0;
  try {
    const answer = await new Promise((done, fail) => {
      const begin = () => {
        const stop = new AbortController();
        tries.push(stop);
        ask(request, stop).then((good) => {
          tries.splice(tries.indexOf(stop), 1);
          done(good);
        }, fail);
      };
      begin();
      again = setInterval(() => tries.length < MOST && begin(), AGAIN_MS);
      over = setTimeout(() => {
        limit = PATIENT_MS;
        fail(new Error("late"));
      }, limit);
    });
    limit = LIMIT_MS;
    return answer;
  } catch {
    const kept = await caches.open(SHELL).then((cache) => cache.match(PAGE, { ignoreVary: true }));
    return kept ?? Response.error();
  } finally {
    clearInterval(again);
    clearTimeout(over);
    for (const stop of tries) stop.abort();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin || request.headers.has("range")) return;
  if (address.pathname.startsWith("/assets/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && /^\/($|my\b|companion\b|pause$|leave$|help$)/.test(address.pathname)) event.respondWith(page(request));
});
