// What a phone keeps for when there is no network: a page that belongs to nobody, and never a page of a person. And what
// becomes of a call for help when the page is closed before it was sent.

import { PATIENCE_MS } from "../lib/browser.mjs";
import { openLine } from "../lib/line.mjs";
import { signIn } from "./11-pages.mjs";

export const name = "what a phone keeps";

/** Every entry of every cache of the site: its cache, its address, and its text. */
const kept = (page) =>
  page.evaluate(async () => {
    const all = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request, { ignoreVary: true });
        all.push({ cache: name, path: new URL(request.url).pathname, text: await answer.text() });
      }
    }
    return all;
  });

/** Everything that waits on the phone to be sent. */
const waiting = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("stillwater", 1);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
          all.onsuccess = () => resolve(all.result);
        };
      }),
  );

export async function run({ open, step, axe, shot, ensure, expect, base }) {
  expect(/net::ERR_|Failed to load resource|request failed/, "the line is cut on purpose");
  const guide = await signIn(open, "desktop", "guide", step);
  const cockpit = await step("the session that runs", async () => {
    await guide.goto("/board");
    await guide.getByRole("link", { name: /Alder/ }).first().click();
    await guide.waitForLoadState("load");
    return new URL(guide.url()).pathname;
  });
  const recorded = async () => {
    await guide.goto(cockpit);
    return guide.locator(".timeline li").filter({ hasText: /asked for help/ }).count();
  };
  const line = await openLine(base);
  const phone = await signIn((size) => open(size, { baseURL: line.base }), "phone", "patient", step);
  const secrets = await step("the phone keeps the shell, once its first page has come", async () => {
    await phone.goto("/my/session");
    await phone.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await phone.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated", undefined, { timeout: PATIENCE_MS });
    return phone.evaluate(() => [document.body.dataset.owner, document.querySelector('meta[name="csrf"]').content]);
  });
  await step("after many pages no cache holds anything of a person", async () => {
    for (const path of ["/my", "/my/session", "/my/journal", "/my/record", "/my/safety-plan", "/my/companion", "/my/help-now", "/pause", "/leave", "/my/session"]) await phone.goto(path);
    const entries = await kept(phone);
    ensure(new Set(entries.map((entry) => entry.cache)).size === 1, "there is one cache");
    ensure(entries.some((entry) => entry.path === "/offline"), "it holds the page that belongs to nobody");
    for (const { path, text } of entries) {
      ensure(path === "/offline" || path.startsWith("/assets/"), `${path} is kept, and should not be`);
      for (const secret of [...secrets, "Alder", "Example Street", "Gale", 'name="csrf" content="0', "data-owner=\""]) {
        ensure(!text.includes(secret), `${path} holds ${secret}`);
      }
    }
  });
  await step("with the line cut, every page of a phone gives the shell and not the browser's own error", async () => {
    line.cut("reset");
    for (const path of ["/my", "/my/session", "/pause", "/leave", "/help"]) {
      await phone.goto(path);
      const words = await phone.locator("main").innerText();
      for (const word of ["No connection", "555-0100", "911", "988"]) ensure(words.includes(word), `${path} does not say ${word}: ${words}`);
    }
  });
  await axe(phone, "the page of a phone without a line");
  await shot(phone, "phone-no-connection");
  await step("it gives way by itself when the line is back", async () => {
    line.restore();
    await phone.waitForFunction(() => !document.querySelector("[data-shell]"), undefined, { timeout: PATIENCE_MS });
    ensure((await phone.locator("main").innerText()).includes("You do not have to decide"), "the page that was asked for has come");
  });

  for (const kind of ["reset", "hole", "half-dead"]) {
    let before = 0;
    await step(`${kind}: a call that was not sent survives closing the page, and the phone says so`, async () => {
      before = await recorded();
      await phone.goto("/my/session");
      line.cut(kind);
      const button = phone.getByRole("button", { name: /I need help/ });
      await button.scrollIntoViewIfNeeded();
      const box = await button.boundingBox();
      await phone.mouse.move(box.x + 40, box.y + 40);
      await phone.mouse.down();
      await phone.waitForTimeout(1300);
      await phone.mouse.up();
      await phone.locator("#help-sheet[open] [data-unsent]").waitFor();
      for (const entry of await waiting(phone)) {
        const fields = [...new URLSearchParams(entry.body).keys()].sort();
        ensure(fields.every((field) => ["command_id", "confirmed", "occurred_at_ms", "seq", "session"].includes(field)), `kept in clear: ${fields}`);
      }
      await phone.goto("/my/session");
      await phone.locator("[data-shell-unsent]").waitFor();
      const words = await phone.locator("main").innerText();
      for (const word of ["A call for help is NOT sent yet", "Call now", "555-0100"]) ensure(words.includes(word), `the shell does not say ${word}: ${words}`);
      ensure((await recorded()) === before, "the clinic has nothing yet");
    });
    if (kind === "reset") await shot(phone, "phone-no-connection-unsent");
    await step(`${kind}: and is sent once, when the line is back`, async () => {
      line.restore();
      await phone.waitForFunction(() => /Sent\. Nobody has answered yet/.test(document.querySelector("#help-sheet")?.innerText ?? ""), undefined, { timeout: PATIENCE_MS });
      ensure((await recorded()) === before + 1, `one call more, but ${await recorded()} after ${before}`);
      ensure((await waiting(phone)).length === 0, "nothing waits any more");
    });
  }
  await step("signing out takes with it what the phone kept", async () => {
    await phone.goto("/leave");
    await phone.getByRole("button", { name: "Sign out all the same" }).click();
    await phone.waitForLoadState("load");
    await phone.waitForFunction(async () => (await caches.keys()).length === 0, undefined, { timeout: PATIENCE_MS });
  });
  await line.close();
}
